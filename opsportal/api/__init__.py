"""The REST API, version 1.

Plain views on prepared statements: Django REST framework is loaded only when somebody asks for the schema
(`opsportal.api.schema`), which saves the embedded portal its memory and the look-ups their time.
"""
