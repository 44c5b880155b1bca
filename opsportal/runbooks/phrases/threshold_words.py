"""Words that only thresholds use: hold times, windows, roles of a limit, and which way a metric is better."""

from __future__ import annotations

from opsportal.runbooks.phrases.tokens import Lexicon, words

HOLD = words(
    "for|for more than|for at least|for over|for longer than|sustained for|sustained over|sustained|lasting|lasts|persists for|continuously for|held for|during|"
    "wahrend|fur|fur mehr als|fur mindestens|langer als|seit|pendant|pendant plus de|depuis|durante|durante mas de|durante mais de|por|por mas de|"
    "por mais de|持续|连续|持续超过"
)
HOLD_OPERATOR = words(">|>=|≥|more than|at least|over|longer than|mehr als|mindestens|plus de|mas de|mais de|超过")
WINDOW = words(
    "in the last|in last|over the last|over last|over the past|over past|within the last|in the past|during the last|for the last|in any|"
    "over any|over a|within a|within any|in a|over a rolling|in a rolling|rolling|averaged over|measured over|calculated over|last|past|"
    "in den letzten|der letzten|innerhalb der letzten|au cours des|au cours des dernieres|sur les dernieres|dans les dernieres|"
    "en los ultimos|en las ultimas|nos ultimos|nas ultimas|过去|最近"
)
SOFT_WINDOW = words("over|within|in|uber|innerhalb von|innerhalb|binnen|sur|en|em|dans|auf|内")
WINDOW_NOUN = words(
    "window|windows|period|periods|interval|rolling|rolling window|rolling average|fenster|zeitfenster|fenetre|ventana|janela|内|以内"
)
PER = words("/|per|a|an|each|every|pro|je|par|por|cada|每")
SCOPE = words(
    "for|on|in|across|at|per|of|from|during|sur|pour|pro|auf|fur|bei|en|em|para|by|against|under|to|with|without"
)
CONSECUTIVE = words(
    "consecutive|successive|straight|back-to-back|aufeinanderfolgende|aufeinander folgende|consecutifs|consecutives|consecutivos|consecutivas|"
    "consecutivo|seguidos|seguidas|连续"
)
IN_A_ROW = words("in a row|in succession|in Folge|hintereinander|nacheinander|de suite|d'affilee")
OUT_OF = words("out of|of the last|of last|of|von|sur|de")
SAMPLE = words("sample|samples|data points|datapoints|observations|messwerte|echantillons|muestras|amostras")
GUARD = words("after|after a|with at least|with|minimum of|min|minimum|at least|once|over at least|nach|ab")
GUARD_NOUN = words("guard|minimum|min|threshold")
EXCLUDE = words(
    "outside of the|outside of|outside the|outside|excluding the|excluding|excl.|excl|except for|except during|except|other than during|"
    "not counting|ausser wahrend|ausser|ausserhalb|ausgenommen|ohne|hors|sauf|en dehors de|excepto|fuera de|exceto|fora de"
)
RELATIVE = words(
    "improvement|degradation|increase|increases|decrease|decreases|drop|drops|growth|regression|reduction|spike|jump|change|deviation|"
    "slowdown|faster|slower|rise|decline|anstieg|ruckgang|verbesserung|verschlechterung|augmentation|hausse|baisse|diminution|aumento|"
    "reduccion|caida|queda|reducao|degradacao|degradacion"
)
CHANGE: Lexicon[int] = Lexicon(
    [
        (
            "drops by|drop of|falls by|decreases by|declines by|decrease of|drop by|fall of|reduced by|sinkt um|baisse de|cae un|cai",
            -1,
        ),
        (
            "increases by|increase of|rises by|grows by|spikes by|jumps by|increase by|rise of|growth of|steigt um|augmente de|aumenta",
            1,
        ),
    ]
)
MULTIPLES: Lexicon[int] = Lexicon(
    [("double|twice|das doppelte|le double|el doble|o dobro", 2), ("triple|three times|das dreifache|le triple", 3)]
)
RELATION: Lexicon[str] = Lexicon(
    [
        (
            "below|under|less than|lower than|slower than|unter|en dessous de|por debajo de|abaixo da|abaixo do|低于",
            "<",
        ),
        (
            "above|over|more than|higher than|greater than|of|the|uber|au-dessus de|por encima de|acima da|acima do|高于",
            ">",
        ),
    ]
)
BASELINE = words(
    "baseline|the baseline|normal|the normal|normal levels|usual|the usual|average|the average|typical|previous week|the previous week|"
    "last week|last week's|yesterday|historical average|the historical average|expected|7-day average|weekly average|its baseline|"
    "the 7-day average|rolling average|the rolling average|referenz|normalwert|mittelwert|la normale|la moyenne|lo normal|"
    "la media|a media|o normal|基线"
)
REFERENCE = words(
    "sla|slo|slas|slos|baseline|limits|limit|target|targets|budget|normal range|expected range|acceptable range|agreed range|agreed limits|acceptable limits|normal limits|spec"
)
REFERENCE_LEAD = words(
    "within|below|above|under|over|exceeds|outside|meets|per|in|at|innerhalb|dans|dentro de|dentro do"
)
CURRENT = words(
    "currently|now|at present|at the moment|today|e.g.|default|by default|for example|aktuell|derzeit|actuellement|actualmente|atualmente|目前"
)

LEVEL: Lexicon[str] = Lexicon(
    [
        ("target|goal|objective|slo|sla|healthy|normal|desired|ziel|zielwert|objectif|objetivo|meta|目标", "target"),
        ("alert|alerting|alarm|alerte|alerta|告警", "alert"),
        ("warning|warn|warnung|avertissement|advertencia|aviso|yellow|amber|警告", "warning"),
        ("critical|crit|kritisch|critique|critico|red|page|emergency|严重", "critical"),
    ]
)
LEVEL_TAIL = words("-level alert|level alert|-level alert if|-level|alert|threshold|value|level|:|=")
LEVEL_CUE = words("if|when|:|falls|wenn|si|se|at|(")

LEAD_NOISE = words(
    "de|del|do|da|alert if|alert when|alert on|page if|page when|warn if|warn when|fires when|fires if|trigger when|trigger if|triggered when|when|if|the|a|"
    "an|wenn|falls|si|se|quando|cuando|quand|lorsque|le|la|les|el|der|die|das|o|verify|verify that|verify the|check|check that|ensure|"
    "ensure that|ensure the|confirm|confirm that|escalate if|and|und|et|with|is|are|or|of|any|should be|must be|max|sustained|-|:|,"
)
TAIL_NOISE = words(
    "is|are|was|be|must be|should be|has been|have been|must|should|shall|will be|stays|stay|remains|remain|goes|rises|alert|alarm|ist|sind|"
    "liegt|est|sont|es|e|está|esta|of|to|at|by|in|:|that|with|always|consistently|must stay|should stay|should remain|has|have|ever|-|,|und|and|"
    "des|de|a"
)
PRONOUNS = words(
    "that|that time is|that time|it|it is|this|this is|the value|value|values|which|es|cela|ca|esto|isso|threshold|is|are|the"
)
USAGE = words(
    "used|usage|utilization|utilisation|in use|full|consumed|auslastung|belegt|utilise|utilises|utilizado|usado|utilizacion|utilizacao|使用率"
)
EXPIRY = words(
    "expires|expiry|expire|expiring|expiration|expired|runs out|until expiry|ablauf|lauft ab|ablaufen|expiration date|expirent|expiracion|"
    "expira|expiracao|vence|过期"
)
SUBJECTS: Lexicon[str] = Lexicon(
    [
        (
            "certificate|certificates|cert|certs|ssl|tls|zertifikat|zertifikate|certificat|certificats|certificado|certificados|证书",
            "cert",
        ),
        ("domain|domains|domane|domaine|dominio", "domain"),
        ("token|tokens", "token"),
        ("password|passwords|passwort|mot de passe", "password"),
        ("key|keys|schlussel|cle|clave|chave", "key"),
        ("secret|secrets", "secret"),
        ("license|licence|licenses|lizenz", "license"),
        ("credential|credentials", "credential"),
        ("subscription", "subscription"),
    ]
)
PERIODS: Lexicon[str | int] = Lexicon(
    [
        ("monthly|per month|a month|each month|/ month|month|monatlich|mensuel|mensual|mensal|每月", "month"),
        ("quarterly|per quarter|quarter", "quarter"),
        ("yearly|annual|annually|per year|a year|jahrlich|annuel|anual", "year"),
        ("weekly|per week|a week|wochentlich", 604800),
        ("daily|per day|a day|taglich", 86400),
    ]
)

# what is better, by words of the metric's name; the first list wins ("free memory" is better high)
HIGHER = words(
    "availability|uptime|success|successful|hit|hits|throughput|free|available|remaining|left|healthy|ready|coverage|apdex|accuracy|compliance|"
    "sla|slo|replicas|completeness|retention|health|reachability|verfugbarkeit|erfolgsrate|durchsatz|disponibilite|succes|debit|disponibilidad|"
    "exito|disponibilidade|sucesso|可用性|可用率|成功率|命中率|吞吐量|delivery|freshness score|conversion|satisfaction|redundancy"
)
LOWER = words(
    "latency|latencies|error|errors|response|response time|response times|usage|utilization|utilisation|lag|failure|failures|failed|timeouts|timeout|"
    "cpu|memory|disk|queue|backlog|duration|delay|downtime|restarts|load|5xx|4xx|age|drift|cost|loss|drops|dropped|retries|miss|misses|rto|rpo|"
    "time|wait|connections|saturation|crash|crashes|incidents|conflicts|bounce|rejections|p50|p90|p95|p99|ttfb|mttr|mtta|fehlerrate|fehler|"
    "antwortzeit|latenz|auslastung|verzogerung|erreur|erreurs|d'erreur|d'erreurs|latence|temps|errores|latencia|uso|tiempo|erros|erro|tempo|延迟|"
    "错误率|失败率|响应时间|使用率|depth|lcp|burn|size|space used|evictions|deadlocks|rollbacks|churn|consumption|temperature|billing|spend"
)
