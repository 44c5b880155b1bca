"""Words of the phrases in English, German, French, Spanish, Portuguese and Chinese, by what they mean."""

from __future__ import annotations

from opsportal.runbooks.phrases.tokens import Lexicon, words

MINUTE, HOUR, DAY, WEEK = 60, 3600, 86400, 604800
MONTH, YEAR = 30 * DAY, 365 * DAY

# unit name → (seconds, name); `month` and `year` have no fixed length and are marked approximate by who uses them
TIME_UNITS: Lexicon[tuple[float, str]] = Lexicon(
    [
        ("ns|nanosecond|nanoseconds", (1e-9, "ns")),
        ("us|µs|μs|microsecond|microseconds|mikrosekunden", (1e-6, "us")),
        (
            "ms|msec|msecs|milli|millis|millisecond|milliseconds|millisekunden|millisekunde|millisecondes|milisegundos|milissegundos|毫秒",
            (1e-3, "ms"),
        ),
        ("s|sec|secs|second|seconds|sek|sekunde|sekunden|seconde|secondes|segundo|segundos|秒|秒钟", (1, "s")),
        ("m|min|mins|minute|minutes|minuten|minuto|minutos|mn|分钟|分", (MINUTE, "min")),
        ("h|hr|hrs|hour|hours|std|stunde|stunden|heure|heures|hora|horas|小时|个小时", (HOUR, "h")),
        ("d|day|days|tag|tage|tagen|jour|jours|dia|dias|天|日", (DAY, "d")),
        ("w|wk|wks|week|weeks|woche|wochen|semaine|semaines|semana|semanas|周|个星期", (WEEK, "w")),
        ("mo|mos|month|months|monat|monate|monaten|mois|mes|meses|个月|月", (MONTH, "month")),
        ("quarter|quarters|quartal|quartale|trimestre|trimestres|季度", (3 * MONTH, "quarter")),
        ("y|yr|yrs|year|years|jahr|jahre|jahren|an|ans|annee|annees|ano|anos|año|años|年", (YEAR, "year")),
    ]
)

NUMBER_WORDS: Lexicon[float] = Lexicon(
    [
        ("half a|half an|half|eine halbe|halbe|une demi|demi|media|meia|半", 0.5),
        ("a|an|one|ein|eine|einer|einem|einen|un|une|una|um|uma|一", 1),
        ("a couple of|two|zwei|zwo|deux|dos|dois|duas|二|两", 2),
        ("three|drei|trois|tres|três|三", 3),
        ("anderthalb", 1.5),
        ("four|vier|quatre|cuatro|quatro|四", 4),
        ("five|funf|cinq|cinco|五", 5),
        ("six|sechs|seis|六", 6),
        ("seven|sieben|sept|siete|sete|七", 7),
        ("eight|acht|huit|ocho|oito|八", 8),
        ("nine|neun|neuf|nueve|nove|九", 9),
        ("ten|zehn|dix|diez|dez|十", 10),
        ("twelve|zwolf|douze|doce|doze", 12),
        ("fifteen|funfzehn|quinze|quince", 15),
        ("twenty|zwanzig|vingt|veinte|vinte", 20),
        ("twenty-four|vierundzwanzig", 24),
        ("thirty|dreissig|trente|treinta|trinta", 30),
        ("forty|vierzig|quarante|cuarenta|quarenta", 40),
        ("forty-five|funfundvierzig", 45),
        ("forty-eight|achtundvierzig", 48),
        ("sixty|sechzig|soixante|sesenta|sessenta", 60),
        ("ninety|neunzig", 90),
    ]
)

OPERATORS: Lexicon[str] = Lexicon(
    [
        (
            ">|more than|greater than|higher than|larger than|bigger than|longer than|above|over|exceeds|exceed|exceeding|exceeded|"
            "is over|rises above|goes above|goes over|climbs above|grows above|beyond|in excess of|crosses|surpasses|gt|"
            "mehr als|grosser als|hoher als|langer als|uber|ubersteigt|uberschreitet|plus de|superieur a|superieure a|"
            "superieurs a|au-dessus de|depasse|plus grand que|mas de|mas del|plus du|mais do|mayor que|mayor a|superior a|supera|por encima de|excede|"
            "mais de|maior que|maior do que|acima de|ultrapassa|大于|超过|高于|多于",
            ">",
        ),
        (
            "<|less than|lower than|smaller than|fewer than|shorter than|below|under|beneath|drops below|drop below|falls below|fall below|"
            "falls under|goes below|dips below|lt|weniger als|kleiner als|niedriger als|unter|unterhalb|unterschreitet|fallt unter|sinkt unter|"
            "moins de|inferieur a|inferieure a|inferieurs a|au-dessous de|en dessous de|menos de|menos del|menos do|moins du|menor que|menor a|"
            "inferior a|por debajo de|menor do que|abaixo de|低于|小于|少于",
            "<",
        ),
        (
            ">=|=>|≥|⩾|≧|at least|no less than|not less than|no fewer than|not below|minimum of|a minimum of|min|minimum|greater than or equal to|"
            "greater or equal to|more than or equal to|or more than|reaches|reach|reaching|hits|hit|fires at|triggers at|alert at|alerts at|"
            "from|starting at|gte|mindestens|min.|wenigstens|nicht weniger als|nicht unter|ab|au moins|minimum de|supérieur ou égal à|"
            "pas moins de|al menos|como minimo|minimo|mayor o igual que|mayor o igual a|pelo menos|no minimo|maior ou igual a|"
            "至少|不低于|不少于|不小于|大于等于",
            ">=",
        ),
        (
            "<=|=<|≤|⩽|≦|at most|no more than|not more than|not over|not exceed|not exceeding|not to exceed|does not exceed|must not exceed|"
            "should not exceed|up to|maximum of|a maximum of|max|max.|maximum|"
            "less than or equal to|less or equal to|within|no longer than|no greater than|no higher than|lte|hochstens|maximal|nicht mehr als|"
            "nicht uber|bis zu|innerhalb von|binnen|sous|au plus|au maximum|maximum de|inferieur ou egal a|pas plus de|jusqu'a|como maximo|maximo|"
            "a lo sumo|no mas de|hasta|menor o igual que|menor o igual a|no maximo|ate|nao mais de|menor ou igual a|"
            "至多|最多|不超过|不高于|不大于|小于等于",
            "<=",
        ),
        ("=|==|equals|equal to|is equal to|exactly|gleich|genau|egal a|igual a|等于", "=="),
        ("!=|<>|≠|not equal to|is not|ungleich|different de|distinto de|diferente de", "!="),
    ]
)
POSTFIX_OPERATORS: Lexicon[str] = Lexicon(
    [
        (
            "or more|or higher|or above|or greater|or longer|or over|and above|and more|and up|minimum|min|at least|+|oder mehr|"
            "oder hoher|oder langer|ou plus|o mas|ou mais|以上",
            ">=",
        ),
        (
            "or less|or lower|or below|or fewer|or under|or shorter|and below|and under|maximum|max|at most|tops|oder weniger|ou moins|o menos|"
            "ou menos|以下|以内|之内",
            "<=",
        ),
    ]
)

APPROX = words(
    "~|≈|about|around|approx|approx.|approximately|roughly|circa|ca|ca.|c.|some|nearly|almost|usually|typically|etwa|ungefahr|rund|environ|"
    "a peu pres|unos|unas|cerca de|aproximadamente|alrededor de|aprox|por volta de|约|大约"
)
APPROX_AFTER = words("or so|approx|approx.|approximately|ish|左右")

PERCENTILE_AFTER = words("th|st|nd|rd|e|eme|er|%|percent")
PERCENTILE = words("percentile|percentiles|pct|pctl|ile|tile|perzentil|percentil|centile|百分位")
AGGREGATES: Lexicon[str] = Lexicon(
    [
        (
            "on average|average|averages|averaged|avg|avg.|mean|im durchschnitt|durchschnitt|durchschnittlich|durchschnittliche|im mittel|mittelwert|"
            "en moyenne|moyenne|moyen|promedio|en promedio|de media|media|em media|médio|média|平均",
            "avg",
        ),
        ("median|mediane|mediana|mediano|中位数", "p50"),
        ("peak|spitze|pic|pico", "max"),
        ("sum|in total|total|summe|somme|suma|soma", "sum"),
    ]
)
MIN_MAX: Lexicon[str] = Lexicon(
    [("max|maximum|maximal|maximale|maximo", "max"), ("min|minimum|minimal|minimale|minimo", "min")]
)

RANGE_WORDS = words("-|to|through|until|till|bis|a|à|au|hasta|ate|até|al|to the|至|到|~|and|und|et|y|e|和")
BETWEEN = words("between|from|zwischen|von|entre|de|desde|in the range|range of|range")
AND = words("and|&|+|und|et|y|e|和|以及|plus|sowie")
OR = words("or|oder|ou|o|u|或|或者")
EVERY = words(
    "every|each|once every|once per|once a|once an|once each|all|alle|jeden|jede|jedes|jeder|jeweils|chaque|tous les|toutes les|cada|todos los|todas las|todos os|"
    "todas as|todo|toda|a cada|per|once in|rate|每|每隔"
)
BUSINESS = words(
    "business|working|work|office|arbeits|ouvre|ouvres|ouvrable|ouvrables|ouvrees|laborable|laborables|habiles|uteis|útil"
)
