"""Short vocabularies: labels inside a section, words of failure, verbs that begin an action, phases of a task."""

from __future__ import annotations

import re

from opsportal.runbooks.parse.remember import remembered
from opsportal.runbooks.parse.wordset import word_set

_LABELS: tuple[tuple[str, str], ...] = (
    (
        "frequency",
        r"^(frequency|schedule|how often|cadence|interval|recurrence|when to run|run|frequence|periodicite|haufigkeit|turnus|rhythmus|intervall|frecuencia|periodicidad|frequencia|periodicidade|频率|周期)$",
    ),
    (
        "duration",
        r"^((estimated |expected |approximate )?(duration|time( required| needed| to complete)?|effort)|eta|how long|duree( estimee)?|dauer|zeitaufwand|duracion|duracao|tempo estimado|tiempo estimado|(预计)?(时长|耗时|时间))$",
    ),
    (
        "response_time",
        r"^((target |expected |max\w* )?(response|reaction|acknowledg\w+) time( target)?|sla response|temps de reponse|delai de reponse|reaktionszeit|tiempo de respuesta|tempo de resposta|响应时间)$",
    ),
    (
        "severity",
        r"^(severity|priority|sev|level|urgency|severite|gravite|priorite|schweregrad|prioritat|severidad|gravedad|severidade|gravidade|严重(程度|级别|性)?|优先级|级别)$",
    ),
    (
        "impact",
        r"^(impact|(user|customer|business|service) impact|effects?|consequences?|auswirkung(en)?|impacto|影响(范围)?)$",
    ),
    (
        "trigger",
        r"^(triggers?|(alert )?condition|when( to use)?|fires when|triggered (by|when|if)|use when|alert rule|declencheur|condition(s)?|ausloser|bedingung|disparador|gatilho|condicion|condicao|触发(条件|器)?|适用场景|threshold)$",
    ),
    (
        "alert_if",
        r"^(alert (if|when|on|condition)|escalate (if|when)|page (if|when)|fail(ed|s)? if|red flags?|warning signs?|alerter si|alarm wenn|alertar si|alertar se|告警条件)$",
    ),
    (
        "expected",
        r"^(expected( (results?|outputs?|outcomes?|response|state|values?|behaviou?r))?|expect|you should see|(success|exit|acceptance|completion) (criteria|indicators?)|healthy( (system|response|output|state))?( 200 ok)?"
        r"|validation|verified when|outcome|result|done when|(sample|example) output|resultats? attendus?|erwartet\w*( ergebnis\w*| ausgabe)?|resultados? esperados?|salida esperada|saida esperada|预期(结果|输出)?|期望(结果|输出)?)$",
    ),
    (
        "symptom",
        r"^(symptoms?( and impact)?|indicators?|indications?|signs?|error( messages?| output)?|errors?|observed( behaviou?r)?|what (you|users?) see|how (it looks|to (recogni[sz]e|detect))|detection|problem( description| statement)?|issue|description"
        r"|symptomes?|signes?|fehlerbild|anzeichen|symptome?|sintomas?|senales|sinais|indicios|症状|现象|故障现象|问题(描述|现象)?)$",
    ),
    (
        "cause",
        r"^((root |likely |possible |potential |probable |common |typical )*(causes?|reasons?)|why( it happens)?|causes? (possibles?|probables?|racine)|(mogliche |wahrscheinliche )?ursachen?|grund|causas?( (posibles?|probables?|comunes?|raiz|possive(l|is)|provave(l|is)))?"
        r"|posibles causas|possiveis causas|(可能)?原因|根因)$",
    ),
    (
        "diagnosis",
        r"^(diagnos(is|tics?|e|ing)( (steps?|commands?|procedure|checks?))?|investigat(ion|e|ing)( steps?)?|(how to )?(check|verify|debug|investigate|diagnose)|checks?|triage( steps?)?|analysis|root cause analysis|rca|assessment|(first |initial )(checks?|diagnosis|triage)|debug(ging)?( steps?)?|confirm(ation)?|identif(y|ication)|things to check"
        r"|diagnostics?|verifications?|untersuchung|prufung|analyse|diagnostico|verificar|comprobacion|comprobaciones|verificacion|investigacion|investigacao|verificacao|诊断(步骤)?|排查(步骤|方法)?|检查(步骤)?|分析)$",
    ),
    (
        "resolution",
        r"^((possible |quick |permanent |immediate |temporary |short term |long term |recommended |suggested )*(resolutions?|solutions?|fix(es)?|mitigations?|remed(y|ies|iation)|workarounds?|corrective actions?|actions?( (required|to take|items|steps))?)( (steps?|options?|procedure|actions?))?|how to (fix|resolve|mitigate|recover)|resolve|recover(y)?( (steps?|actions?|procedure|options?))?|repair( steps?)?"
        r"|(tuning|repair|remediation|mitigation|recovery) (options?|steps?|actions?)|what to do|treatment|restoration|response( steps?| actions?)?"
        r"|resolution|solutions?|correctifs?|correction|remediation|actions correctives|losung(en|sschritte)?|behebung|massnahmen?|abhilfe|soluci(on|ones)|resoluci(on|ones)|soluco?(es)?|solucao|solucoes|resolucao|correccion|correcao|acciones?|acoes|mitigacion|mitigacao"
        r"|解决(方案|方法|办法|步骤)?|处理(方法|步骤|方式)?|修复(方法|步骤)?|恢复(步骤)?|处置(步骤|措施)?)$",
    ),
    (
        "prevention",
        r"^(prevention|preventi(ve|on) (measures?|actions?|steps?)|prevent( recurrence)?|how to (prevent|avoid)|avoid(ance)?|long term prevention|lessons|pravention|vorbeugung|vermeidung|prevencion|prevencao|medidas preventivas|预防(措施)?)$",
    ),
    (
        "verification",
        r"^(verif(y|ication)( steps?)?|post (checks?|verification|validation)|confirm (fix|resolution)|validat(e|ion)( steps?)?|health check|验证|确认)$",
    ),
    (
        "steps",
        r"^((detailed |operational |manual |procedure |execution |runbook |standard )?steps?( to (follow|take|perform|run))?|procedures?|instructions?|checklists?|tasks?|process|how to( run)?|workflow|commands?|to ?do|execution|"
        r"etapes?|procedure|instructions|schritte|ablauf|vorgehen|anleitung|aufgaben|pasos|procedimientos?|instrucciones|passos|procedimentos?|instrucoes|步骤|操作步骤|执行步骤|操作流程|流程|命令)$",
    ),
    (
        "prerequisite",
        r"^(prerequisites?|pre requisites?|requirements?|before (you )?(start\w*|begin\w*)|required( access| tools| permissions)?|preconditions?|access|voraussetzungen|prerequis|requisitos( previos)?|pre requisitos|前提(条件)?|前置条件|准备)$",
    ),
    (
        "rollback",
        r"^(roll ?back( (plan|steps?|procedure))?|back ?out( plan)?|revert|ruckfall\w*|retour arriere|plan de retour|reversion|reversao|回滚(步骤|方案|计划)?)$",
    ),
    ("purpose", r"^(purpose|objective|goals?|aim|zweck|ziel|objetivos?|objectifs?|proposito|目的|目标|用途)$"),
    (
        "owner",
        r"^(owners?|owned by|responsible( (team|person|party))?|assignee|performed by|proprietaire|responsables?|verantwortlich\w*|zustandig|responsavel|propietario|负责人|责任人|执行人)$",
    ),
    (
        "note",
        r"^(notes?|warnings?|caution|important|tips?|info|attention|danger|remarques?|hinweise?|achtung|warnung|notas?|aviso|advertencia|atencao|atencion|importante|注意(事项)?|警告|提示|说明|example|examples)$",
    ),
)
_COMPILED = tuple((role, re.compile(pattern)) for role, pattern in _LABELS)
FACTS = frozenset(
    ("frequency", "duration", "response_time", "severity", "impact", "trigger", "purpose", "owner", "prerequisite")
)

_FAILURE = re.compile(
    r"\b(errors?|fail(s|ed|ing|ure|ures)?|issues?|problems?|down|slow(ness)?|high|low|time ?outs?|timed out|not|no|can ?t|cannot|won ?t|doesn ?t|isn ?t|unable|missing"
    r"|los(t|s|ing)|corrupt\w*|stuck|full|exceed\w*|refused|denied|rejected|crash\w*|leaks?|lag(ging)?|unavailab\w+|unresponsive|unreachable|invalid|expir\w+|[45]\d\d|[45]xx|oom\w*|outage"
    r"|degrad\w+|dead ?locks?|backlog|growing|spik\w+|drop(s|ped|ping)?|exhaust\w*|unhealthy|broken|hang(s|ing)?|freez\w+|blocked|delay\w*|mismatch|conflict\w*|flapping|disconnect\w*|throttl\w+|backpressure|pressure|saturat\w+|overload\w*|killed|evict\w+|pending|in use|stopped|stalled|halted|jam(s|med)?|offline|wrong|dead|bad|crashloop\w*|duplicate\w*|stale|inconsisten\w+|unexpected|abnormal|drift"
    r"|erreurs?|echec|panne|lente?s?|indisponible|impossible|fehler\w*|ausfall|langsam|storung|nicht|defekt|voll|caid[ao]|lent[ao]s?|falla\w*|falha\w*|erros?|errores?|no responde|nao responde|fora do ar|indisponivel|cae)\b"
    r"|(?i:error|failure|down|slow|high|low|lag|stuck|full)$|失败|错误|异常|超时|过高|故障|宕机|不可用|无法|泄漏|延迟|不足|满"
)
_PHASE = re.compile(
    r"^(immediate|initial|first|short term|long term|secondary|follow ?up|post|pre|before|during|after|final|quick)\b"
    r"|^(prepar\w+|assess\w*|triage|detect\w*|diagnos\w*|investigat\w*|identif\w+|contain\w*|isolat\w*|mitigat\w*|eradicat\w*|recover\w*|resol\w+|remediat\w*|restor\w+|verif\w+|validat\w+|communicat\w*|notif\w+|close ?out|clean ?up|wrap ?up|execution|escalat\w*"
    r"|vorbereitung|diagnose|behebung|wiederherstellung|nachbereitung|sofortmassnahmen|actions immediates|preparacion|acciones inmediatas|preparacao|acoes imediatas|recuperac\w+|verificac\w+|准备|诊断|恢复|验证|立即)"
    r"( (steps?|actions?|phase|stage|checks?|tasks?|procedures?|and \w+|options?|measures?))*( \d+ .*)?$"
)
_NAMED_PHASE = re.compile(r"^(?:phase|stage|etape|étape|fase)\b|^(?:阶段|第[一二三四五六七八九十\d]+阶段)", re.I)
_CONDITION = re.compile(r"^(if|when|in case|for the case|else|otherwise|si|falls|wenn|caso|em caso|如果|若)\b")
TIME_BOX = re.compile(
    r"\(\s*(?:t\s*\+\s*)?(?:[<>≤~]?\s*\d+\s*(?:[-–—~]|to|à|bis|a)?\s*\+?\s*\d*\s*\+?)\s*(?:s|secs?|seconds?|m|mins?|minut\w*|h|hrs?|hours?|heures?|stunden?|horas?|分钟|小时|days?)\b[^()]*\)"
    r"|^\s*(?:t\s*\+\s*)?\d+\s*[-–—]\s*\d+\s*(?:m|mins?|minutes?|h|hours?)\b|分钟",
    re.I,
)
_WARNING = re.compile(
    r"^(warning|caution|danger|important|attention|note|achtung|warnung|attenzione|atencion|atencao|advertencia|警告|注意)\b"
)
_ACTION = word_set(
    """
    access acknowledge activate add adjust alert analyze analyse announce apply approve archive ask assess
    assign attach audit avoid back backup begin block book bring build bump bypass call cancel capture change
    check clean clear click clone close collect communicate compare compile complete configure confirm connect
    consider contact contain continue copy create cut deactivate debug declare delete deploy describe detach
    determine diagnose disable disconnect document download drain draft drop dump edit enable engage ensure
    enter escalate estimate evaluate examine execute export fail fetch file fill filter find fix flag flush
    follow force gather generate get give go grant hand hold identify implement import increase inform initiate
    inspect install investigate invite isolate issue join keep kill launch let list load locate lock log login
    look make manually map mark measure merge migrate mitigate modify monitor mount move navigate note notify
    obtain open optimize optimise order page patch pause perform pick ping place plan post prepare press proceed
    promote provide provision publish pull purge push put query raise read rebalance reboot rebuild recheck
    reconfigure reconnect record recover recreate redeploy redirect reduce refer refresh register reindex reload
    remove renew repair repeat replace replay report request rerun reset resize resolve respond restart restore
    resume retrieve retry return review revert revoke roll rollback rotate run save scale scan schedule scp
    search select send set setup share shut shutdown sign silence skip snapshot spin ssh stage start stop store
    submit suspend swap switch sync tag tail take tell terminate test throttle tighten track transfer trigger
    truncate try tune turn type unblock uninstall unlock unmount unpause update upgrade upload use vacuum
    validate verify view visit wait wake warm watch whitelist wipe write verifier arreter demarrer redemarrer
    lancer attendre creer supprimer mettre modifier restaurer ouvrir consulter appliquer executer identifier
    activer desactiver sauvegarder prufen starten stoppen verificar comprobar iniciar detener reiniciar ejecutar
    executar abrir criar crear parar restaurar confirmar revisar
    """
)
_ROLE_WORD = re.compile(
    r"\b(engineers?|managers?|lead(er)?s?|owners?|teams?|on ?call|primary|secondary|tertiary|backup|director|head of|cto|ceo|cio|ciso|coo|vp|dba|sre|dev ?ops|admin(istrator)?s?|operators?|support|architects?|officers?|commander|responder|developers?|coordinator|desk|noc|soc|vendor|"
    r"responsable|chef|ingenieur|equipe|leiter|bereitschaft|ansprechpartner|ingenier[oa]|jefe|equipo|gerente|lider|plantonista|responsavel|astreinte)\b|负责人|工程师|经理|主管|值班|团队|总监|运维|开发"
)


@remembered
def label_role(key: str) -> str:
    """The role of a label by its key, or an empty text."""
    if len(key) > 80:
        return ""
    short = _TRAILING_NUMBERS.sub("", key)
    return next((role for role, pattern in _COMPILED if pattern.search(short)), "")


_TRAILING_NUMBERS = re.compile(
    r"( t)? ?[<>]?\d+( \d+)* (s|secs?|seconds?|m|mins?|minutes?|minuten|h|hours?|heures|horas|分钟)\b.*$"
)


@remembered
def names_failure(key: str) -> bool:
    """Whether a heading names something that goes wrong."""
    return bool(_FAILURE.search(key))


def is_phase(name: str, key: str) -> bool:
    """Whether a heading or label names a phase of a task and no task of its own."""
    return bool(TIME_BOX.search(name) or _PHASE.search(key) or _NAMED_PHASE.match(name))


def is_condition(key: str) -> bool:
    return bool(_CONDITION.search(key))


def is_warning(key: str) -> bool:
    return bool(_WARNING.search(key))


@remembered
def begins_action(folded: str) -> bool:
    """Whether a text begins with a verb of operations work."""
    first, _, _ = folded.partition(" ")
    return first in _ACTION


@remembered
def names_role(folded: str) -> bool:
    """Whether a short text names a person's role or a team."""
    return bool(_ROLE_WORD.search(folded))
