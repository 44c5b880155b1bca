"""Columns of tables by role. Headers of real runbooks hardly ever read alike, so each is matched by the words it holds."""

from __future__ import annotations

import re

from opsportal.runbooks.parse.remember import remembered

_COLUMNS: tuple[tuple[str, str], ...] = (
    ("number", r"^(#|no|nr|num|id|sl no|s no|seq|order)$"),
    (
        "metric",
        r"^(key |golden )?(metric|indicator|sli|kpi|measure(ment)?|signal|slo|sla (metric|item)|metrique|indicateur|kennzahl|metrik|metrica|indicador|messgrosse)s?( name)?$|^(指标|监控项|度量)",
    ),
    (
        "alert_if",
        r"^alert (if|when|on)$|^(alarm|warn|page) (if|when)|^告警条件|^trigger( condition)?$|^fires? (if|when)",
    ),
    (
        "alert",
        r"^(alert|alarm|alerte|alarme|alerta|alarma|warnmeldung|prometheus alert|cloudwatch alarm|monitor)s?( name| rule)?$|^(告警|报警|警报)(名称|项)?$",
    ),
    (
        "critical",
        r"critical|^crit$|^red$|^page( threshold)?$|minimum|rollback (threshold|if)?|^critique|kritisch|critico|严重阈值|^severe|^max(imum)?$|emergency",
    ),
    (
        "alert_threshold",
        r"^(alert|alerting|warning|warn|yellow|amber) ?(threshold|level|at|value|limit)?$|^(warnung|avertissement|advertencia|aviso|alerta)$|^(seuil|schwell\w+|umbral|limite|limiar) |告警阈值|预警|warning|^investigate",
    ),
    (
        "target",
        r"target|^goal|^slo$|objective|^healthy|^normal|^desired|expected( value| range)?$|^baseline|^green$|^acceptable|^good$|^ok$|^ziel|^soll|^cible|^objectif|^objetivo|^meta$|目标|正常",
    ),
    ("threshold", r"threshold|^limit|^seuil|schwellwert|grenzwert|^umbral|^limite|^limiar|阈值"),
    ("approved", r"approv|freigabe|genehmigt|approuve|aprobado|aprovado|审批|批准|reviewer|reviewed by"),
    (
        "author",
        r"^author|^by$|changed by|updated by|modified by|^autor|^auteur|bearbeiter|^editor|作者|修改人|^who$|^name \(author\)$",
    ),
    (
        "last",
        r"last (completed|done|run|performed|executed|tested|check\w*|time)|^zuletzt|derniere|ultim[ao]|上次|最近",
    ),
    ("next", r"next (due|run|date|scheduled)|^due( date)?$|nachst|prochaine?|proxim[ao]|下次"),
    (
        "frequency",
        r"^(frequency|schedule|how often|cadence|interval|recurrence|periodicity|when run|cron|frequence|periodicite|haufigkeit|turnus|intervall|rhythmus|frecuencia|periodicidad|frequencia|periodicidade)$|频率|周期",
    ),
    (
        "response_time",
        r"response|reaction|acknowledg|temps de reponse|delai|reaktionszeit|tiempo de respuesta|tempo de resposta|^tta$|^sla target$|响应(时间|时限)",
    ),
    (
        "update_time",
        r"^(update|communication) (frequency|interval|cadence)|resolution (time|target)|^time to resolve|^ttr$|^mttr$|^rto$|^rpo$",
    ),
    (
        "escalate_when",
        r"when to (escalate|contact|call|use)|escalate (if|when|after|time)|escalation (time|trigger|criteria|condition)|^(time( ?(frame|out|box|elapsed|limit|since \w+))?|after|nach|ab|wann|cuando|quand|apres|quando|apos|wait|delay|elapsed( time)?|unresolved for|zeit|temps|tiempo|tempo)$|升级(条件|时间)",
    ),
    (
        "severity",
        r"^(alert |incident )?(severity|priority|sev|criticality|urgency)( level)?$|^(severite|gravite|priorite|schweregrad|prioritat|severidad|gravedad|prioridad|severidade|gravidade|prioridade)$|严重|优先级",
    ),
    ("level", r"^(escalation )?(level|tier|rung|order|step|stage|line|niveau|stufe|ebene|nivel|escalon)$|级别|层级"),
    (
        "symptom",
        r"^(symptom|issue|problem|error|failure|incident|fault|error (message|code)|observation|failure mode|scenario|situation|observed symptom|what you see|symptome|probleme|erreur|fehler(bild)?|storung|sintoma|problema|fallo|falha|erro)s?( description| name)?$|^(症状|现象|问题|故障)",
    ),
    ("cause", r"cause|reason|^why$|ursache|^grund|causa|原因"),
    (
        "check",
        r"^(check|probe|test|health check|verification|control|prufung|verification|chequeo|verificacao|检查项)s?( name)?$",
    ),
    (
        "diagnosis",
        r"diagnos|^(checks? |verify|investigat|how to check|first check|debug|triage|pruf|verificaci|comprobaci|排查|检查)",
    ),
    (
        "resolution",
        r"^(possible |quick |immediate |recommended |suggested )?(resolution|solution|fix|remedy|remediation|mitigation|workaround|what to do|action|response|recovery|corrective action|next step)s?( steps?| to take| required)?$|^first (response|action|step)|losung|abhilfe|massnahme|behebung|^solution|solucion|accion|solucao|acao|^remede|解决|处理|处置|措施|动作",
    ),
    ("prevention", r"prevent|vorbeug|prevencion|prevencao|预防"),
    ("runbook", r"^(runbook|playbook|procedure|documentation link|run book|doc)( link| url| section)?s?$|手册"),
    ("version", r"^(version|rev(ision)?|ver|release)$|版本"),
    ("date", r"^(date|week|month|shift|period|when|datum|fecha|data|日期|时间)( .*)?$|^(last )?(updated|modified)$"),
    (
        "change",
        r"^(changes?|change description|changes made|summary of changes?|what changed|modification|anderung(en)?|cambios?|alterac\w+|modifications?|变更(内容|说明)?|修改内容)$",
    ),
    (
        "backup_person",
        r"^(backup|secondary|tertiary|deputy|alternate|fallback|stellvertret\w*|suppleant|vertretung|respaldo|suplente|substituto|备份|备用)( contact| person)?$",
    ),
    ("email", r"e ?mail|^mail$|correo|courriel|邮箱|邮件"),
    ("phone", r"phone|mobile|^tel\b|telefon|telephone|^cell|^number$|^pager$|电话|手机"),
    (
        "hours",
        r"availab|^hours|coverage|time ?zone|working hours|^shift|disponib|verfugbar|erreichbar|horario|在线时间|值班时间|工作时间",
    ),
    (
        "channel",
        r"slack|^chat|channel|^teams$|^im$|pagerduty|opsgenie|contact (method|info|details?|information)|how to (reach|contact)|^kanal|canal|^handle|联系方式|微信|钉钉",
    ),
    ("sla", r"^(sla|slo|uptime|service level)|availability sla|服务级别"),
    ("escalation", r"escalat|eskalation|escalad|escalon|升级"),
    ("responsibility", r"responsibilit|^dut(y|ies)$|zustandigkeit|aufgabe|tache|职责|^raci$|expertise|^focus"),
    (
        "dependency",
        r"^(external )?(dependenc(y|ies)|vendor|provider|third party|supplier|upstream|downstream|fournisseur|lieferant|anbieter|proveedor|fornecedor|abhangigkeit|dependencia|依赖(服务)?|供应商)s?( name| service)?$",
    ),
    (
        "owner",
        r"owner|^(responsible|assignee|assigned to|responsavel|verantwortlich\w*|zustandig|pic|owned by|performed by|run by)|负责人|责任人|执行人",
    ),
    (
        "contact",
        r"^(escalation |emergency |who to )?(contacts?|who|person|notify|call|escalate to|kontakt|ansprechpartner|contacto|contato|联系人)( person| name| to contact)?$|^(team|group|squad|equipe|equipo|团队)$|^support( contact)?$|^recipient",
    ),
    ("name", r"^(full )?(name|nom|nombre|nome|姓名|名称)$|^(primary|main|current)( contact| on ?call| person)?$"),
    (
        "role",
        r"^(role|position|title|function|funktion|rolle|rol|papel|funcao|cargo|fonction|角色|岗位|职位|area|responsibility area|capacity)s?$",
    ),
    (
        "command",
        r"^(command|cmd|query|cli|shell|code|example command|commande|befehl|comando|requete|abfrage|consulta|命令|查询)s?$|^command ",
    ),
    ("log", r"^(log|log (file|type|name|source|group)|journal|protokoll|日志)s?$"),
    ("dashboard", r"^(dashboard|panel|tableau de bord|仪表板|看板)s?( name)?$"),
    (
        "location",
        r"path|location|\burl\b|^(links?|href|file|emplacement|pfad|ort|ubicacion|ruta|localizacao|caminho|endpoint|address|where)$|路径|位置|链接|地址",
    ),
    (
        "document",
        r"^(document|documentation|doc|resource|reference|title|dokument|documento|runbook name|guide|文档)s?( name)?$",
    ),
    (
        "task",
        r"^(maintenance |recurring |scheduled )?(task|activity|job|operation|item|work|maintenance|check ?list item|procedure|drill|backup type|aufgabe|tatigkeit|tache|activite|tarea|actividad|tarefa|atividade|任务|事项|工作|维护(项|任务))s?( name)?$",
    ),
    (
        "condition",
        r"^(condition|when|criteria|rule|expression|expr|query condition|bedingung|condicion|condicao|条件|scenario|if|trigger)s?$",
    ),
    ("for", r"^(for|hold|window|duration|dauer|duree|duracion|duracao|持续时间|pending)$"),
    (
        "service",
        r"^(service|system|component|application|app|server|host|process|endpoint|resource|dienst|servicio|servico|composant|komponente|componente|服务|组件|系统)s?( name)?$",
    ),
    (
        "field",
        r"^(field|key|property|attribute|parameter|setting|item|champ|feld|eigenschaft|campo|propiedad|atributo|字段|项目|属性|项)$",
    ),
    ("value", r"^(value|setting value|wert|valeur|valor|details?|information|data|内容|值)$"),
    ("impact", r"impact|auswirkung|impacto|影响"),
    ("example", r"example|exemple|beispiel|ejemplo|exemplo|示例"),
    (
        "description",
        r"descri|definition|meaning|purpose|^notes?$|comment|beschreibung|bedeutung|zweck|descripcion|descricao|objet|用途|说明|描述|定义|remarks?|details?",
    ),
)
_COMPILED = tuple((role, re.compile(pattern)) for role, pattern in _COLUMNS)


@remembered
def column_role(key: str) -> str:
    """The role of a column by the key of its header, or an empty text."""
    if not key or len(key) > 60:
        return ""
    return next((role for role, pattern in _COMPILED if pattern.search(key)), "")
