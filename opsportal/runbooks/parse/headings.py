"""What a section is about, by the words of its heading: English and the usual words of other operations teams.

The first rule that matches a heading's key (`clean.key`) gives the section its role. A role only says which readers look
at a section first; what they do not recognise by its shape is read as any other section is.
"""

from __future__ import annotations

import re

from opsportal.runbooks.parse import clean
from opsportal.runbooks.parse.remember import remembered

_RULES: tuple[tuple[str, str], ...] = (
    (
        "toc",
        r"^(table of )?contents?$|^toc$|^on this page$|table des matieres|^sommaire$|inhalt(sverzeichnis)?$|^indice$"
        r"|^sumario$|tabla de contenidos?|目录",
    ),
    (
        "change_log",
        r"change ?log|^changes$|(revision|version|document|change|edit) history|history of changes|revisions?$"
        r"|^historique|anderungs|^versionen$|historial|^historico|registro de (cambios|alteracoes)|变更(记录|历史)|修订|版本历史",
    ),
    (
        "external",
        r"external (dependenc|support|contacts?|services?|providers?|parties|vendors?)|third part|\bvendors?\b"
        r"|\bsuppliers?\b|service providers?|fournisseurs|prestataires|dependances externes|externe (abhangig|dienst|partner)"
        r"|lieferanten|dienstleister|proveedores|dependencias externas|fornecedores|外部(依赖|支持|联系)|供应商|upstream providers",
    ),
    ("index", r"^quick reference|^at a glance|^summary$|^index$|^quick links?$|^tl ?dr$|^cheat ?sheet index$|快速参考"),
    (
        "maintenance_window",
        r"maintenance windows?|scheduled windows?|downtime windows?|change windows?|service windows?|wartungsfenster|(fenetres?|plages?) de maintenance"
        r"|ventanas? de mantenimiento|janelas? de manutencao|维护窗口",
    ),
    (
        "severity",
        r"severit|priority (levels?|definitions?|matrix)|^priorities$|incident (classification|levels?|priorit)"
        r"|(alert|incident|support)?\s*response times?$|niveaux? de (severite|gravite|priorite)|schweregrad|prioritat(en|sstufen)"
        r"|severidad|gravedad|severidade|gravidade|niveles de (severidad|prioridad)|严重(程度|级别|性)|故障等级|优先级|事件分级",
    ),
    ("escalation", r"escalat|eskalation|escalad|escalon|escalacao|escalamiento|escalonamento|升级"),
    (
        "dashboard",
        r"^(\w+ )?dash ?boards?\b|dashboards?$|^grafana|tableaux? de bord|ubersichten|paineis|tableros|仪表(盘|板)|^panels$",
    ),
    (
        "log",
        r"\blog (locations?|files?|paths?|sources?)|^(\w+ )?logs$|^log$|^logging$|emplacements? des journaux|^journaux|protokolldateien"
        r"|logdateien|^registros|日志(位置|路径|文件)|where (are|to find) (the )?logs|^log dateien",
    ),
    (
        "command",
        r"(useful|common|handy|helpful|basic|frequent(ly used)?|quick|essential|key|important|diagnostic|debug(ging)?|admin\w*|sample|example"
        r"|\w+ query) (\w+ )?(commands?|queries|one liners?|snippets?|diagnostics?|fixes)|^commands?( \w+)?$|command (reference|list|cheat ?sheet|catalog\w*)"
        r"|cheat ?sheets?|\bqueries$|^snippets$|log analysis|quick (diagnostics?|fixes)|one liners?|commandes|requetes|nutzliche befehle"
        r"|^befehle|abfragen|comandos|consultas|常用命令|命令(速查|参考|列表)|常用查询",
    ),
    (
        "alert",
        r"\balerts?\b|alerting|\balarms?\b|alertes?\b|\balarme\b|alertas?\b|alarmas?\b|alarmes\b|warnmeldungen|meldungen|告警|报警|警报",
    ),
    (
        "metric",
        r"\bmetrics?\b|\bthresholds?\b|\bslos?\b|\bslis?\b|\bslas?\b|service level|\bkpis?\b|\btargets$|performance (targets|baseline)|baselines?"
        r"|error budget|\bindicateurs|\bmetriques|\bseuils|kennzahlen|metriken|schwell(en)?wert|grenzwerte|metricas|indicadores|umbrales|limites|limiares"
        r"|指标|阈值",
    ),
    (
        "issue",
        r"(common|known|typical|frequent|possible|recurring|frequently seen) (\w+ )?(issues?|problems?|errors?|failures?|incidents?|error patterns?|scenarios?|faults?)"
        r"|troubleshoot|^(issues|problems|errors|failures|incidents|faults)$|^faqs?$|frequently asked|failure (modes?|scenarios?)|error (patterns?|codes?|messages|scenarios)"
        r"|depannage|problemes|pannes|erreurs (courantes|frequentes)|fehlerbehebung|storungen|haufige (probleme|fehler)|bekannte (probleme|fehler)|fehlersuche"
        r"|problemlosung|(solucion|resolucion) de problemas|problemas|errores comunes|resolucao de problemas|erros comuns|incidentes (comunes|comuns)"
        r"|故障(排查|排除|诊断)|常见(问题|故障|错误)|问题排查|疑难|symptoms? (and|to) (fix|solution|cause)|what can go wrong",
    ),
    (
        "emergency",
        r"emergenc|(critical|urgent|incident|outage|disaster|crisis|break ?glass|recovery) (procedures?|response|actions?|runbooks?|playbooks?|recovery|scenarios?)"
        r"|\burgence|notfall|emergenc|emergencia|应急|紧急|incident (handling|management)|gestion des incidents|disaster recovery|playbooks?$"
        r"|katastrophen|recuperacion ante desastres|major incident",
    ),
    (
        "contact",
        r"\bcontacts?\b|\bon ?call\b|who to (call|contact|ask|page)|points? of contact|ansprechpartner|\bkontakte?\b|kontaktdaten|bereitschaft"
        r"|contatos?\b|contactos?\b|plantao|guardia|astreinte|coordonnees|(support|key|important) (people|persons|personnel|team)|^people$|联系|值班|通讯录"
        r"|getting help|^support$|communication channels|notification list",
    ),
    (
        "reference",
        r"\breferences?\b|related (docs?|documents?|documentation|links?|resources?|runbooks?|pages|material)|(additional|further|other|external|useful|helpful) (resources?|reading|links?|docs|documentation|information)"
        r"|^(resources|links|see also|documentation|docs|documents|bibliography|sources|appendix links)$|documentation (references?|links)|liens( utiles)?$|^ressources$"
        r"|quellen|verweise|weiterfuhrend|dokumentation$|enlaces|referencias|^recursos|documentacion|documentacao|参考|相关(文档|链接)",
    ),
    (
        "service_info",
        r"service (info|information|details|description|summary|metadata|identity|profile|card|facts)|^(metadata|document (control|information|info|metadata)|general information|key facts|system (info|information|details)|about)$"
        r"|informations? (sur le|du) service|dienst(e)?information|servicedaten|informacion del servicio|informacoes do servico|服务信息|基本信息",
    ),
    (
        "architecture",
        r"architect|system (design|components|overview)|topolog|arquitect|arquitetura|系统架构|架构|^components$",
    ),
    ("purpose", r"^purpose|^objective|^goals?$|^aim$|^zweck|^ziel(e)?$|^objetivo|^objectif|^proposito|^but$|目的|用途"),
    (
        "overview",
        r"overview|^introduction|^scope|^background|^description|^context$|^summary|vue d ensemble|apercu|uberblick|ubersicht|einfuhrung|vision general"
        r"|resumen|visao geral|introduc|概述|简介|背景|^about\b|^meaning$|^what (is|it)",
    ),
    (
        "explanation",
        r"^how (it|this|the \w+) works?|(data|request|control|message) flow|^(key )?features|^principles|^philosophy|^lessons|^concepts|^glossary|^terminology|^definitions|^success criteria|^best practices",
    ),
    (
        "prerequisite",
        r"prerequisit|pre requisit|requirements?$|before you (begin|start)|^assumptions|voraussetzung|prealables|requisitos|前提|准备工作|^access( required)?$|needed tools|tools required",
    ),
    (
        "roles",
        r"roles (and|&) responsib|responsibilit|\braci\b|^roles$|rollen|zustandigkeit|roles et responsab|responsabilidad|职责|角色",
    ),
    ("risk", r"\brisks?\b|risiken|risques|riesgos|riscos|风险"),
    (
        "service_management",
        r"service (management|control|lifecycle|operations?)|(start|stop|restart|shut ?down|reload)\w* (the |a )?(service|application|app|server|system|stack|services|procedures?)"
        r"|(start ?up|startup|shutdown|restart|start stop)( procedures?)?$|^(re)?start(ing|up)?\b|^stop(ping)?\b|^shut(ting)? ?down\b|^reload(ing)?\b|demarrage|d arret|redemarrage|dienststeuerung|starten|stoppen|neustart|gestion del servicio"
        r"|(inicio|parada|arranque|reinicio)\b|服务管理|启动|停止|重启",
    ),
    (
        "configuration",
        r"configur|konfiguration|environment variables|settings$|^config$|einstellungen|variables d environnement|variables de entorno|配置",
    ),
    (
        "maintenance",
        r"maintenance|house ?keeping|(recurring|scheduled|periodic|regular|routine|planned) (\w+ )?(tasks?|jobs?|work|activities|duties|checks?|drills?)|regular drills|\bdrills$"
        r"|wartung|instandhaltung|mantenimiento|manutencao|taches (recurrentes|periodiques|planifiees)|tareas (periodicas|programadas|rutinarias)|维护|例行|定期|backup schedule|patch(ing)? schedule",
    ),
    (
        "monitoring",
        r"monitor|observab|surveillance|supervision|uberwachung|monitoreo|monitoramento|监控|health checks?",
    ),
    (
        "steps",
        r"^(steps?|procedures?|instructions?|actions?|process|playbook|workflow|checklist|to ?dos?|execution|implementation|method|how to|runbook steps)$"
        r"|^(schritte|ablauf|vorgehen|durchfuhrung|anleitung|etapes|procedure|demarche|marche a suivre|pasos|procedimiento|passos|procedimento|步骤|操作步骤|流程)$",
    ),
)
_CATALOGUE = re.compile(
    r"^(common |known )?(issues|problems|errors|incidents|alerts)$|^troubleshooting( guide)?$|^faqs?$|故障排查"
)
_BRACKETS = re.compile(r"[ ]*[(（][^()（）]*[)）]$")
_COMPILED = tuple((role, re.compile(pattern)) for role, pattern in _RULES)

_FREQUENCIES: tuple[tuple[str, str], ...] = (
    (
        "daily",
        r"\b(daily|every ?day|each day|every morning|per day|nightly|every night|quotidien\w*|journali\w+|chaque jour|taglich\w*|diari[oa]s?|diariamente|cada dia)\b|每[日天]|日常",
    ),
    (
        "weekly",
        r"\b(weekly|every week|each week|per week|hebdomadaires?|chaque semaine|wochentlich\w*|semana(l|is|les|lmente))\b|每周"
        r"|\b(every|each) (mon|tues|wednes|thurs|fri|satur|sun)day\b|^(mon|tues|wednes|thurs|fri|satur|sun)days?$",
    ),
    (
        "monthly",
        r"\b(monthly|every month|each month|per month|mensuel\w*|chaque mois|monatlich\w*|mensual\w*|mensal|mensais|mensalmente)\b|每月"
        r"|\b(first|second|third|fourth|last) (mon|tues|wednes|thurs|fri|satur|sun)day\b",
    ),
    (
        "quarterly",
        r"\b(quarterly|every quarter|each quarter|every (3|three) months|trimestr\w+|vierteljahrlich\w*|quartals\w*)\b|每季",
    ),
    (
        "yearly",
        r"\b(yearly|annual|annually|every year|per year|annuel\w*|jahrlich\w*|anual\w*|anuais|semi annual\w*|biannual\w*)\b|每年|年度",
    ),
    ("hourly", r"\b(hourly|every hour|each hour|toutes les heures|stundlich\w*|cada hora)\b|每小时"),
    (
        "other",
        r"\b(bi ?weekly|fortnightly|every shift|each shift|per shift|start of shift|weekdays|weekends?)\b|\bevery \d+ (minutes?|hours?|days?|weeks?|months?|years?)\b|\b(alle|toutes? les|cada) \d+ \w+\b",
    ),
)
_FREQUENCY = tuple((category, re.compile(pattern)) for category, pattern in _FREQUENCIES)


@remembered
def role_of(key: str) -> str:
    """The role of a heading by its key, or an empty text."""
    if len(key) > 120:
        return ""
    return next((role for role, pattern in _COMPILED if pattern.search(key)), "")


def is_catalogue(key: str) -> bool:
    """Whether a page's title says that all of it is one kind of thing, as `Troubleshooting` does."""
    return bool(_CATALOGUE.search(key))


def without_brackets(key: str, name: str) -> str:
    """The key of a heading without what its name says in brackets at the end, unless that is all."""
    bare = _BRACKETS.sub("", name)
    return clean.key(bare) if bare and bare != name else key


@remembered
def frequency_of(folded: str) -> str:
    """The category of a text that names how often something is done: daily, weekly, …, other; empty if it names none."""
    return next((category for category, pattern in _FREQUENCY if pattern.search(folded)), "")


@remembered
def frequency_words(folded: str) -> str:
    """The words of a folded text that name how often something is done."""
    found = (pattern.search(folded) for _, pattern in _FREQUENCY)
    return next((match.group() for match in found if match), "")
