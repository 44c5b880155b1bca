"""What single forms of writing become: values, their places and their forms."""

from __future__ import annotations

import pytest

from opsportal.runbooks.document import Document, Form, Kind, Record
from opsportal.runbooks.parse import parse
from tests.runbooks.places import faults


def read(text: str) -> Document:
    document = parse(text.encode())
    assert faults(document) == []
    return document


def only(document: Document, kind: Kind) -> Record:
    (record,) = document.of(kind)
    return record


@pytest.mark.parametrize(
    "heading",
    [
        "## Key Metrics",
        "### 3. Key Metrics",
        "## 3.2 Key metrics ##",
        "#### 📈 **Key Metrics**",
        "# Key metrics {#limits}",
        "## :chart: Key Metrics:",
        "Key Metrics\n-----------",
    ],
)
def test_a_section_is_found_however_its_heading_is_decorated(heading: str) -> None:
    document = read(f"{heading}\n\n| Metric | Goal | Alert at |\n|---|---|---|\n| Oven heat | 230 °C | > 260 °C |\n")
    metric = only(document, Kind.METRIC)
    assert [metric.text(name) for name in ("name", "target", "alert")] == ["Oven heat", "230 °C", "> 260 °C"]


@pytest.mark.parametrize(
    "line",
    [
        "**Frequency**: Every Monday",
        "**Frequency:** Every Monday  ",
        "**Frequency：** Every Monday",
        "__Frequency__: Every Monday",
        "Frequency: Every Monday",
    ],
)
def test_a_key_with_a_value_is_read_in_all_its_forms(line: str) -> None:
    document = read(f"# Bakery\n\n## Clean the oven\n\n{line}\n\n1. Sweep\n2. Wipe\n")
    value = only(document, Kind.PROCEDURE).values["frequency"]
    assert (value.text, document.text[value.start : value.end], value.form) == ("Every Monday",) * 2 + (Form.INLINE,)


def test_metadata_is_read_from_quotes_lists_tables_and_the_foot_of_the_page() -> None:
    document = read(
        "# Bakery Runbook\n\n> **Version**: 7\n\n- **Owner:** Dough crew\n\n"
        "| Field | Value |\n|---|---|\n| Environment | Live |\n\n"
        "## Notes\n\nNothing.\n\n---\n\n**Last Updated:** 2025-05-01\n**Next Review:** 2026-05-01\n"
    )
    service = only(document, Kind.SERVICE)
    names = ("name", "version", "owner_team", "environment", "last_updated")
    assert [service.text(name) for name in names] == ["Bakery", "7", "Dough crew", "Live", "2025-05-01"]
    assert only(document, Kind.FIELD).text("value") == "2026-05-01"


def test_a_list_that_column_zero_fences_broke_is_one_list_with_the_fences_in_its_steps() -> None:
    document = read(
        "## Cool down\n\n1. Open the flap\n```bash\nflap open\n```\n\n2. Wait\n\n"
        "Ten minutes will do.\n\n3. Close it\n```bash\nflap close\n```\n"
    )
    steps = only(document, Kind.PROCEDURE).children
    assert [step.text("text") for step in steps] == ["Open the flap", "Wait", "Close it"]
    assert [[block.kind for block in step.blocks] for step in steps] == [["code"], ["prose"], ["code"]]


@pytest.mark.parametrize(
    ("written", "style"),
    [
        ("1. Heat\n2. Bake", "ordered"),
        ("1. Heat\n1. Bake", "ordered"),
        ("- [ ] Heat\n- [x] Bake", "checkbox"),
        ("1. [ ] **Heat**\n2. [ ] Bake", "checkbox"),
        ("1. ✅ Heat\n2. ✅ Bake", "ordered"),
        ("### Step 1 – Heat\n\nto 230\n\n### Step 2 – Bake", "heading"),
        ("#### 1. Open the door\n\nslowly\n\n#### 2. Close the door", "heading"),
        ("**1. Heat**\n\nto 230\n\n**2. Bake**", "bold"),
        ("**Step 1: Heat**\n\nto 230\n\n**Step 2: Bake**", "bold"),
        ("Step 1: Heat\nStep 2: Bake", "bold"),
        ("```bash\n# 1. Heat\noven on\n# 2. Bake\noven bake\n```", "code"),
    ],
)
def test_steps_are_read_in_all_their_forms(written: str, style: str) -> None:
    document = read(f"# Bakery\n\n## Bake bread\n\n{written}\n")
    procedure = only(document, Kind.PROCEDURE)
    texts = ["Open the door", "Close the door"] if "door" in written else ["Heat", "Bake"]
    assert [(step.text("text"), step.style) for step in procedure.children] == [(text, style) for text in texts]
    assert procedure.text("title") == "Bake bread"


def test_comments_of_a_fence_are_steps_but_titles_alternatives_and_quoted_texts_are_not() -> None:
    document = read(
        "## Nightly bake\n\n```bash\n#!/bin/sh\n# Bakes for the night\n\n# Heat the oven\n"
        "oven on\n# or\noven --on\n\n"
        "# Load the dough\ncat <<END\n# not a step\nEND\n\n# Expected: all trays full\n```\n"
    )
    assert [step.text("text") for step in only(document, Kind.PROCEDURE).children] == [
        "Heat the oven",
        "Load the dough",
    ]


@pytest.mark.parametrize(
    "fence",
    ["```yaml\na: 1\n```", "```go\nfunc main() {}\n```", "```bash\nOVEN_HEAT=230\n```", "```\nERROR no heat\n```"],
)
def test_settings_sources_and_output_are_no_steps(fence: str) -> None:
    document = read(f"## Oven\n\n{fence}\n")
    assert (document.counts["procedures"], document.counts["code"]) == (0, 1)
    assert fence in only(document, Kind.SECTION).text("body")


def test_numbered_lists_of_causes_contents_and_data_flow_are_no_steps() -> None:
    document = read(
        "# Bakery\n\n1. [Flow](#flow)\n2. [Trouble](#trouble)\n\n## Flow\n\n"
        "### How it works\n\n1. Flour comes in\n2. Bread goes out\n\n"
        "## Trouble\n\n### Bread is flat\n\n**Possible causes:**\n1. Old yeast\n"
        "2. Cold dough\n\n**Fix:**\n1. Buy yeast\n"
    )
    assert (document.counts["steps"], document.counts["issue_steps"], document.counts["cm_ol_items"]) == (0, 1, 7)
    assert only(document, Kind.ISSUE).text("causes") == "1. Old yeast\n2. Cold dough"


def test_phases_keep_their_time_boxes_and_labels_of_other_tasks_are_other_procedures() -> None:
    document = read(
        "## Emergency Procedures\n\n### Oven on fire\n\n**Immediate Actions (0-5 minutes)**:\n"
        "1. Pull the plug\n\n**Recovery**:\n1. Air the room\n\n"
        "## Ovens\n\n**Light the oven:**\n1. Turn the key\n\n**Empty the oven:**\n1. Take the trays\n"
    )
    titles = [(procedure.text("title"), procedure.text("category")) for procedure in document.of(Kind.PROCEDURE)]
    assert titles == [("Oven on fire", "emergency"), ("Light the oven", "standard"), ("Empty the oven", "standard")]
    phases = document.of(Kind.PROCEDURE)[0].children
    assert [(phase.kind, phase.text("title")) for phase in phases] == [
        (Kind.PHASE, "Immediate Actions (0-5 minutes)"),
        (Kind.PHASE, "Recovery"),
    ]


def test_headings_named_procedure_and_rollback_make_one_procedure_of_their_parent() -> None:
    document = read(
        "# Bakery\n\n## Swap the oven\n\n### Prerequisites\n\n1. Gloves\n\n### Procedure\n\n"
        "1. Lift\n2. Carry\n\n### Rollback\n\n1. Carry back\n"
    )
    procedure = only(document, Kind.PROCEDURE)
    assert (procedure.text("title"), [child.kind for child in procedure.children]) == (
        "Swap the oven",
        [Kind.STEP, Kind.STEP, Kind.PHASE],
    )


def test_expected_results_belong_to_the_step_or_the_procedure_they_stand_below() -> None:
    document = read(
        "## Taste\n\n1. Take a slice\n\n   **Expected:** crisp\n\n   Alert if it is burnt.\n"
        "2. Chew\n\n**Expected Results**:\n- sweet\n- warm\n"
    )
    procedure = only(document, Kind.PROCEDURE)
    assert procedure.values["expected"].form is Form.BULLETS
    assert procedure.text("expected") == "sweet\nwarm"
    assert (procedure.children[0].text("expected"), procedure.children[0].text("alert_if")) == ("crisp", "it is burnt.")


def test_cells_are_read_without_escapes_and_marks_and_keep_what_has_no_column() -> None:
    document = read(
        "## Contacts\n\n| Role | Name | Phone | Shoe size |\n|--|--|--|--|\n"
        "| **Baker** | Ann \\| Bo | `1234 567`<br>night: 99 | 41 |\n"
    )
    contact = only(document, Kind.CONTACT)
    assert [contact.text(name) for name in ("role", "name")] == ["Baker", "Ann | Bo"]
    assert contact.text("phone") == "`1234 567`\nnight: 99"
    assert contact.extra == {"Shoe size": "41"}
    assert document.text[contact.values["role"].start - 2 : contact.values["role"].end + 2] == "**Baker**"


def test_an_alert_heading_below_alerts_is_an_alert_and_an_issue() -> None:
    document = read("## Alerts\n\n### 🔴 OvenCold (CRITICAL)\n\n**Symptom**: heat below 100\n\n**Fix**:\n1. Light it\n")
    alert, issue = only(document, Kind.ALERT), only(document, Kind.ISSUE)
    assert (alert.text("name"), alert.text("severity"), issue.text("title")) == ("OvenCold", "CRITICAL", "OvenCold")
    assert document.names["alerts"] == ["OvenCold"]


def test_rules_in_a_fence_are_alerts_with_their_condition_and_hold_time() -> None:
    document = read(
        "## Alert rules\n\n```yaml\n- alert: OvenCold\n  expr: |\n    heat <\n    100\n"
        "  for: 5m\n  labels:\n    severity: page\n- alert: DoorOpen\n  expr: door == 1\n```\n"
    )
    cold, door = document.of(Kind.ALERT)
    assert [cold.text(name) for name in ("name", "threshold", "for", "severity")] == [
        "OvenCold",
        "heat <\n100",
        "5m",
        "page",
    ]
    assert (cold.values["threshold"].writable, door.values["threshold"].writable) == (False, True)


def test_a_ladder_in_one_line_and_entries_of_a_change_log_under_headings_are_read() -> None:
    document = read(
        "## Escalation\n\nBaker → Head baker → Owner\n\n## Changelog\n\n"
        "### Version 2.0 (2025-01-02)\n\n- New oven\n\n### Version 1.0\n\n- Start\n"
    )
    assert document.names["escalation"] == ["Baker", "Head baker", "Owner"]
    assert [change.text("change") for change in document.of(Kind.CHANGE)] == ["New oven", "Start"]


def test_unknown_sections_are_kept_with_their_markdown_and_headings_in_comments_are_none() -> None:
    document = read("# Bakery\n\n## Smells\n\n> Mind the *cinnamon*.\n\n<!--\n## Hidden\n-->\n")
    section = only(document, Kind.SECTION)
    assert (section.text("title"), section.text("body"), section.path) == (
        "Smells",
        "> Mind the *cinnamon*.",
        ("Bakery",),
    )


def test_a_rule_in_the_first_line_is_no_front_matter() -> None:
    document = read("---\n\n## Contacts\n\n- **Baker team**: a@b.test\n\n---\n")
    assert only(document, Kind.CONTACT).text("email") == "a@b.test"


def test_keys_side_by_side_and_in_italics_are_read_one_by_one() -> None:
    document = read(
        "# Bakery\n\n**Team**: Dough | **Tier**: 2\n\n## Notes\n\nNone.\n\n---\n\n*Last reviewed: 2025-10-01*\n"
    )
    service = only(document, Kind.SERVICE)
    assert (service.text("owner_team"), service.text("last_updated")) == ("Dough", "2025-10-01")
    assert only(document, Kind.FIELD).text("value") == "2"


def test_bullets_below_a_mere_time_are_tasks_and_below_a_named_task_its_parts() -> None:
    document = read(
        "## Upkeep\n\n### Weekly tasks\n\n- Sweep\n- Oil\n\n"
        "### Change the filter (every 90 days)\n\n- Unscrew\n- Swap\n"
    )
    assert document.names["maintenance"] == ["Sweep", "Oil", "Change the filter (every 90 days)"]


def test_configuration_keys_are_links_and_a_bold_label_in_troubleshooting_is_an_issue() -> None:
    document = read(
        "# Oven\n\n## Configuration\n\n**Location**: /etc/oven\n\n"
        "## Troubleshooting\n\n**Door does not close**\n\n1. Clean the hinge\n"
    )
    link, issue = only(document, Kind.LINK), only(document, Kind.ISSUE)
    assert (link.text("category"), link.text("target")) == ("configuration", "/etc/oven")
    assert (issue.text("title"), issue.text("resolution")) == ("Door does not close", "1. Clean the hinge")
    assert document.counts["issue_steps"] == 1


def test_a_part_about_something_else_is_read_as_such_without_a_heading_of_its_own() -> None:
    document = read(
        "# Oven\n\n## Continuity\n\n1. **Targets we promise**\n   - Heat: > 220 °C\n\n"
        "2. **SLA targets**\n   - Bread per hour: > 90 %\n\n"
        "**Escalation:**\n\n- **Level 1**: baker\n- **Level 2**: owner\n"
    )
    assert (document.names["metrics"][-1], document.counts["escalation"], document.counts["steps"]) == (
        "Bread per hour",
        2,
        0,
    )
