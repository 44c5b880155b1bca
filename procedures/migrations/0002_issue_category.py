"""A category for what is followed when a known issue happens."""

from __future__ import annotations

from django.db import migrations, models

KNOWN = ["daily", "weekly", "monthly", "standard", "emergency", "service_management", "issue"]


class Migration(migrations.Migration):
    dependencies = [("procedures", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="procedure", name="procedure_category_known"),
        migrations.AlterField(
            model_name="procedure",
            name="category",
            field=models.CharField(
                choices=[
                    ("daily", "Daily"),
                    ("weekly", "Weekly"),
                    ("monthly", "Monthly"),
                    ("standard", "Standard"),
                    ("emergency", "Emergency"),
                    ("service_management", "Service management"),
                    ("issue", "Known issue"),
                ],
                default="standard",
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="procedure",
            constraint=models.CheckConstraint(
                condition=models.Q(category__in=KNOWN), name="procedure_category_known"
            ),
        ),
    ]
