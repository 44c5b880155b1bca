FROM python:3.12-slim-bookworm AS build

WORKDIR /app
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements.lock ./
RUN python -m venv /venv && /venv/bin/pip install --require-hashes -r requirements.lock
COPY . ./
# The values are for this command only: it asks no database and signs nothing.
RUN SECRET_KEY=unused DATABASE_URL=postgres://unused@unused/unused /venv/bin/python manage.py collectstatic --no-input \
    && /venv/bin/python -m compileall -q opsportal contacts services procedures incidents


FROM python:3.12-slim-bookworm

RUN groupadd --gid 10001 portal && useradd --uid 10001 --gid portal --no-create-home --home-dir /app portal
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
COPY --from=build /venv /venv
COPY --from=build /app ./
# A new volume takes its owner from here.
RUN install -d -m 0700 -o portal -g portal /evidence
USER portal
EXPOSE 8000
CMD ["granian", "--interface=wsgi", "--host=0.0.0.0", "opsportal.wsgi:application"]
