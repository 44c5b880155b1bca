"""Names for made-up things: different enough to search among, the same for the same number."""

from __future__ import annotations

FIRST = (
    "Ada",
    "Bo",
    "Carla",
    "Dario",
    "Edda",
    "Femi",
    "Greta",
    "Hugo",
    "Ines",
    "Jan",
    "Kofi",
    "Lena",
    "Mira",
    "Nils",
    "Olga",
    "Pia",
    "Quentin",
    "Rosa",
    "Sami",
    "Tove",
)
LAST = (
    "Abel",
    "Brandt",
    "Costa",
    "Dahl",
    "Eriksen",
    "Fuchs",
    "Grant",
    "Haas",
    "Imhof",
    "Jonas",
    "Keller",
    "Lang",
    "Moreau",
    "Novak",
    "Okoye",
    "Perez",
    "Quist",
)
AREA = (
    "Billing",
    "Catalogue",
    "Delivery",
    "Export",
    "Fraud",
    "Identity",
    "Ledger",
    "Mail",
    "Orders",
    "Pricing",
    "Quota",
    "Reports",
    "Search",
    "Stock",
)
THING = ("API", "cache", "database", "gateway", "importer", "queue", "scheduler", "store", "stream", "web", "worker")
TITLES = (
    "Health Check",
    "Log Review",
    "Backup Check",
    "Performance Review",
    "Security Check",
    "Capacity Review",
    "Service Down",
    "High Error Rate",
    "Disk Filling Up",
    "Restarting the Service",
)
STEPS = (
    "Enter the HTTP status of the health endpoint (expected 200)",
    "Enter the error rate of the last 24 hours in percent (limit 1%)",
    "Enter the disk used in percent (limit 80%)",
    "Open the dashboard and compare it with yesterday",
    "Enter the number of ERROR lines in the log (limit 100)",
    "Confirm that last night's backup is complete",
    "Enter the age of the oldest message in the queue in seconds (limit 60 s)",
    "Write down each anomaly with its time as a note of this run",
)


def person_name(number: int) -> tuple[str, str]:
    return FIRST[number % len(FIRST)], LAST[number // len(FIRST) % len(LAST)]


def service_name(number: int) -> str:
    return f"{AREA[number % len(AREA)]} {THING[number // len(AREA) % len(THING)]} {number:05d}"


def procedure_title(number: int) -> str:
    """Of a service's procedure, counted from 0."""
    title = TITLES[number % len(TITLES)]
    again = number // len(TITLES)
    return f"{title} {again + 1}" if again else title


def step_text(number: int) -> str:
    return STEPS[number % len(STEPS)]
