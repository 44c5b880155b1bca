"""Words that only schedules use: weekdays, months, ordinals, adverbs of frequency, parts of the day, events."""

from __future__ import annotations

from opsportal.runbooks.phrases.tokens import Lexicon, words

DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORK_DAYS = DAY_CODES[:5]

DAYS: Lexicon[str] = Lexicon(
    [
        ("monday|mondays|mon|montag|montags|lundi|lundis|lunes|segunda-feira|segunda|周一|星期一|礼拜一", "MO"),
        ("tuesday|tuesdays|tue|tues|dienstag|dienstags|mardi|mardis|martes|terca-feira|terca|周二|星期二|礼拜二", "TU"),
        (
            "wednesday|wednesdays|wed|weds|mittwoch|mittwochs|mercredi|mercredis|miercoles|quarta-feira|quarta|周三|星期三|礼拜三",
            "WE",
        ),
        (
            "thursday|thursdays|thu|thur|thurs|donnerstag|donnerstags|jeudi|jeudis|jueves|quinta-feira|quinta|周四|星期四|礼拜四",
            "TH",
        ),
        ("friday|fridays|fri|freitag|freitags|vendredi|vendredis|viernes|sexta-feira|sexta|周五|星期五|礼拜五", "FR"),
        ("saturday|saturdays|sat|samstag|samstags|sonnabend|samedi|samedis|sabado|sabados|周六|星期六|礼拜六", "SA"),
        ("sunday|sundays|sun|sonntag|sonntags|dimanche|dimanches|domingo|domingos|周日|星期日|星期天|礼拜天", "SU"),
    ]
)
# two-letter forms are days only beside another day (`Mo-Fr`, `lu, me, ve`)
SHORT_DAYS: Lexicon[str] = Lexicon(
    [
        ("mo|mo.|lun|lu|m", "MO"),
        ("tu|di|di.|mar|ma", "TU"),
        ("we|mi|mi.|mer|me", "WE"),
        ("th|do|do.|jeu|je", "TH"),
        ("fr|fr.|ven|ve|vie|f", "FR"),
        ("sa|sa.|sam", "SA"),
        ("su|so|so.|dim", "SU"),
    ]
)
DAY_SETS: Lexicon[tuple[str, ...]] = Lexicon(
    [
        (
            "every weekday|each weekday|weekdays|weekday|working days|working day|work days|workdays|workday|business days|business day|week days|"
            "werktags|werktage|werktaglich|arbeitstaglich|arbeitstage|wochentags|an werktagen|jours ouvres|jour ouvre|jours ouvrables|jours de semaine|"
            "en semaine|dias laborables|dias habiles|dia habil|dias uteis|dia util|工作日|每工作日|每个工作日|school nights",
            WORK_DAYS,
        ),
        (
            "weekends|weekend|every weekend|week-end|week-ends|wochenende|wochenenden|am wochenende|fin de semana|fines de semana|fim de semana|"
            "fins de semana|周末",
            ("SA", "SU"),
        ),
        ("7 days a week|seven days a week|7 days|every day of the week|an allen tagen|7 jours sur 7|7j/7", DAY_CODES),
    ]
)
MONTHS: Lexicon[int] = Lexicon(
    [
        ("january|jan|januar|janvier|janv|enero|ene|janeiro", 1),
        ("february|feb|februar|fevrier|fev|febrero|fevereiro", 2),
        ("march|mar|marz|mars|marzo|marco|mrz", 3),
        ("april|apr|avril|avr|abril|abr", 4),
        ("may|mai|mayo|maio", 5),
        ("june|jun|juni|juin|junio|junho", 6),
        ("july|jul|juli|juillet|juil|julio|julho", 7),
        ("august|aug|aout|agosto|ago", 8),
        ("september|sep|sept|septembre|septiembre|setembro|set", 9),
        ("october|oct|oktober|okt|octobre|octubre|outubro|out", 10),
        ("november|nov|novembre|noviembre|novembro", 11),
        ("december|dec|dezember|dez|decembre|diciembre|dic|dezembro", 12),
    ]
)
ORDINALS: Lexicon[int] = Lexicon(
    [
        ("first|1st|ersten|erster|erste|premier|premiere|1er|primer|primero|primera|primeiro|primeira|第一个", 1),
        ("second|2nd|zweiten|zweiter|zweite|deuxieme|segundo|第二个", 2),
        ("third|3rd|dritten|dritter|dritte|troisieme|tercer|tercero|terceiro|terceira|第三个", 3),
        ("fourth|4th|vierten|vierter|vierte|quatrieme|cuarto|quarto|第四个", 4),
        ("fifth|5th|funften|cinquieme|quinto", 5),
        ("second to last|second-last|penultimate|next to last|vorletzten|vorletzter|avant-dernier|penultimo", -2),
        ("last|final|letzten|letzter|letzte|dernier|derniere|ultimo|ultima|最后一个", -1),
    ]
)
# adverb → (FREQ, INTERVAL)
ADVERBS: Lexicon[tuple[str, int]] = Lexicon(
    [
        ("hourly|stundlich|toutes les heures|cada hora|每小时|horaire|por hora", ("HOURLY", 1)),
        (
            "daily|every day|day-to-day|per day|nightly|every night|each night|overnight|taglich|jeden tag|quotidien|quotidienne|quotidiennement|"
            "tous les jours|chaque jour|diario|diaria|diariamente|cada dia|todos los dias|todos os dias|jeden morgen|jede nacht|chaque nuit|"
            "chaque matin|tous les matins|每天|每日|每晚|每早|journalier|allabendlich|a day",
            ("DAILY", 1),
        ),
        (
            "weekly|every week|per week|wochentlich|jede woche|hebdomadaire|chaque semaine|toutes les semaines|semanal|semanalmente|cada semana|"
            "todas as semanas|每周|每星期|a week",
            ("WEEKLY", 1),
        ),
        (
            "fortnightly|every fortnight|zweiwochentlich|vierzehntagig|14-tagig|alle 14 tage|quincenal|quinzenal|每两周|隔周|每隔一周",
            ("WEEKLY", 2),
        ),
        (
            "monthly|every month|per month|each month|monatlich|jeden monat|mensuel|mensuelle|mensuellement|chaque mois|tous les mois|mensual|"
            "mensualmente|cada mes|mensal|mensalmente|todo mes|todos os meses|每月|每个月|a month",
            ("MONTHLY", 1),
        ),
        (
            "quarterly|every quarter|each quarter|per quarter|vierteljahrlich|quartalsweise|pro quartal|jedes quartal|trimestriel|trimestrielle|"
            "chaque trimestre|tous les trimestres|trimestral|trimestralmente|cada trimestre|每季度|每个季度|a quarter",
            ("MONTHLY", 3),
        ),
        (
            "semi-annually|semi-annual|semiannually|half-yearly|half yearly|twice-yearly|every half year|halbjahrlich|semestriel|semestrielle|"
            "semestral|semestralmente|每半年",
            ("MONTHLY", 6),
        ),
        (
            "yearly|annually|annual|every year|each year|per year|per annum|once a year|jahrlich|jedes jahr|annuel|annuelle|annuellement|chaque annee|"
            "tous les ans|anual|anualmente|cada ano|todos os anos|todos los anos|每年|a year",
            ("YEARLY", 1),
        ),
        ("biennially|biennial", ("YEARLY", 2)),
    ]
)
AMBIGUOUS: Lexicon[tuple[str, str, str]] = Lexicon(
    [
        (
            "bi-annually|bi-annual|bi-yearly",
            ("FREQ=MONTHLY;INTERVAL=6", "FREQ=YEARLY;INTERVAL=2", "twice a year or every two years"),
        ),
        ("bi-weekly", ("FREQ=WEEKLY;INTERVAL=2", "FREQ=WEEKLY", "every two weeks or twice a week")),
        ("bi-monthly", ("FREQ=MONTHLY;INTERVAL=2", "FREQ=MONTHLY", "every two months or twice a month")),
        ("bimestral|bimestriel", ("FREQ=MONTHLY;INTERVAL=2", "FREQ=MONTHLY", "every two months or twice a month")),
        (
            "semi-monthly",
            (
                "FREQ=MONTHLY;BYMONTHDAY=1,15",
                "FREQ=MONTHLY;BYMONTHDAY=15,-1",
                "on the 1st and 15th or on the 15th and last day",
            ),
        ),
        ("semi-weekly", ("FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=WEEKLY;BYDAY=TU,FR", "on which two days of the week")),
    ]
)
PERIOD_NOUNS: Lexicon[tuple[str, int]] = Lexicon(
    [
        ("minute", ("MINUTELY", 1)),
        ("hour|stunde|heure|hora|小时", ("HOURLY", 1)),
        ("day|tag|jour|dia|night|nacht|天|日", ("DAILY", 1)),
        ("week|woche|semaine|semana|周", ("WEEKLY", 1)),
        ("month|monat|monats|mois|mes|月|月份", ("MONTHLY", 1)),
        ("quarter|quartal|quartals|trimestre|季度", ("MONTHLY", 3)),
        ("half year|half-year|halbjahr|semestre|semester", ("MONTHLY", 6)),
        ("year|jahr|jahres|an|annee|ano|年", ("YEARLY", 1)),
    ]
)
OTHER = words("other|second|zweite|zweiten|zweites|alternate|alternating|deux|2nd")
TIMES: Lexicon[int] = Lexicon(
    [
        ("once|einmal|une fois|una vez|uma vez", 1),
        ("twice|zweimal|deux fois|dos veces|duas vezes", 2),
        ("thrice|dreimal|trois fois|tres veces|tres vezes", 3),
        ("viermal|quatre fois|cuatro veces|quatro vezes", 4),
    ]
)
TIMES_NOUN = words("times|time|x|×|mal|fois|veces|vezes|次")
PER = words(
    "a|an|per|each|every|/|pro|je|par|por|al|ao|am|im|in der|la|le|el|in the|in a|the|during the|每|of each|of every|of the|pelo"
)
PARTS: Lexicon[str] = Lexicon(
    [
        (
            "morning|mornings|morgens|morgen|vormittags|matin|matins|manana|mananas|manha|manhas|早上|早晨|每早|beginning of the day|start of day|start of the day|"
            "beginning of day",
            "morning",
        ),
        ("afternoon|afternoons|nachmittags|nachmittag|apres-midi|tarde|tardes|下午", "afternoon"),
        ("evening|evenings|abends|abend|soir|soirs|晚上", "evening"),
        ("night|nights|nightly|overnight|nachts|nacht|nuit|nuits|noche|noches|noite|noites|每晚", "night"),
        ("end of day|end of the day|eod|close of business|cob|end of business|feierabend", "end_of_day"),
    ]
)
EVENT_PREPOSITIONS: Lexicon[str] = Lexicon(
    [
        (
            "before each|before every|before any|before all|before a|before the|before|prior to|prior to each|prior to every|ahead of|vor jedem|vor jeder|"
            "vor|avant chaque|avant|antes de cada|antes de|antes da|antes do",
            "before",
        ),
        (
            "after each|after every|after any|after all|after a|after the|after|following each|following a|following|post|nach jedem|nach jeder|nach|"
            "apres chaque|apres|despues de cada|despues de|depois de cada|depois de|apos cada|apos",
            "after",
        ),
        ("during each|during every|during the|during a|during|wahrend", "during"),
        (
            "per|at every|at each|on every|on each|with every|with each|each|every|on|upon|at|bei jedem|bei jeder|bei|pro|a chaque|chaque|en cada|"
            "em cada|a cada|cada|par|por",
            "",
        ),
    ]
)
EVENT_WHEN = words("when|whenever|if|as soon as|wenn|falls|lorsque|quand|cuando|quando|or when|or if|and when")
EVENTS: Lexicon[str] = Lexicon(
    [
        ("release|releases|version release|veroffentlichung|lancement|lanzamiento|lancamento", "release"),
        (
            "deployment|deployments|deploy|deploys|rollout|rollouts|deploiement|deploiements|mise en production|despliegue|despliegues|implantacao|"
            "production deployment|production deploy|production deployments",
            "deployment",
        ),
        ("incident|incidents|major incident|vorfall|incidente|incidentes", "incident"),
        ("outage|outages|ausfall|panne", "outage"),
        ("change|changes|configuration change|config change|anderung|anderungen|changement|cambio|mudanca", "change"),
        ("expiry|expiration|ablauf", "expiry"),
        ("shift|shifts|schicht|equipe|turno|turnos", "shift"),
        ("shift change|shift handover|handover|hand-off|schichtwechsel|ubergabe|cambio de turno", "handover"),
        ("commit|commits|push|merge|merges|pull request|pr", "commit"),
        ("build|builds", "build"),
        ("sprint|sprints", "sprint"),
        ("maintenance|maintenance window|maintenance windows|wartung|wartungsfenster", "maintenance"),
        ("startup|start-up|boot|reboot|restart", "startup"),
        ("migration|migrations", "migration"),
        ("upgrade|upgrades|update|updates", "upgrade"),
        ("failover|failovers", "failover"),
        ("alert|alerts|alarm", "alert"),
        ("go-live|golive|launch", "go_live"),
        ("audit|audits", "audit"),
        ("request|requests", "request"),
        ("onboarding|new hire|new joiner", "onboarding"),
        ("offboarding|departure|leaver", "offboarding"),
        ("major release|major releases", "major_release"),
        ("patch|patches|patch tuesday", "patch"),
        ("backup|backups", "backup"),
        ("restore", "restore"),
        ("test|tests", "test"),
        ("peak season|peak", "peak"),
        ("campaign|campaigns", "campaign"),
        ("event|events", "event"),
        ("month-end close|month end close", "month_end_close"),
    ]
)
ON_DEMAND = words(
    "on demand|on-demand|ad hoc|ad-hoc|as needed|as required|when needed|when required|if needed|if required|as necessary|when necessary|on request|upon request|bei bedarf|"
    "nach bedarf|auf anfrage|a la demande|si necessaire|au besoin|bajo demanda|segun necesidad|cuando sea necesario|sob demanda|conforme necessario|"
    "quando necessario|按需"
)
CONTINUOUS = words(
    "continuous|continuously|constantly|ongoing|real-time|realtime|in real time|permanent|permanently|always on|always-on|24/7|around the clock|"
    "kontinuierlich|laufend|fortlaufend|dauerhaft|en continu|continu|continue|continuo|continuamente|continua|en tiempo real|em tempo real|实时|持续|streaming"
)
AUTOMATED = words(
    "automated|automatic|automatically|automatisch|automatisiert|automatique|automatico|automatica|automatizado|自动"
)
OF_PERIOD = words(
    "of the|of each|of every|of a|of|in the|in each|in every|in|des|der|jedes|eines|im|du|de chaque|de la|del|de cada|de|do|da|each|every|pro|a"
)
WEEK = words("week|woche|semaine|semana|周")
DAY = words("day|tag|tages|jour|dia|日|号|天|calendar day")
START = words(
    "start of|beginning of|at the start of|at the beginning of|begin of|anfang|zu beginn|debut de|au debut de|inicio de|principio de|a principios de|inicio do"
)
END = words(
    "end of|at the end of|the end of|ende|am ende|zum ende|ende des|fin de|en fin de|a fin de|final de|finales de|fim de|fim do|final do"
)
MID = words("mid|middle of|mid-|mitte|milieu de|mediados de")
FROM_DATE = words(
    "starting|starting from|starting on|beginning|from|effective|since|ab|a partir de|a partir du|desde|a partir del"
)
UNTIL_DATE = words("until|till|through|ending|bis|jusqu'au|hasta|ate")
COMPLETION = words(
    "completion|last run|last completed|last execution|last review|previous run|it was last done|done|finished|abschluss|completed|being completed"
)
HOLIDAYS_OFF = words(
    "except bank holidays|except public holidays|except holidays|excluding bank holidays|excluding public holidays|excluding holidays|excl. holidays|"
    "excl holidays|not on bank holidays|not on public holidays|no holidays|minus holidays|ausser an feiertagen|ausser feiertags|ausser feiertage|"
    "ohne feiertage|hors jours feries|sauf jours feries|excepto festivos|excepto feriados|exceto feriados|除节假日|节假日除外|closed on bank holidays|"
    "except on bank holidays|except on public holidays|except on holidays"
)
HOLIDAYS_ON = words(
    "including bank holidays|including public holidays|including holidays|incl. holidays|and holidays|and bank holidays|inklusive feiertage"
)
LIST = words(",|and|&|und|et|y|e|/|+|;|或|和|as well as|or|plus|、")
TO = words("-|to|through|thru|bis|a|à|au|al|hasta|ate|até|to the|until|till|至|到|~")
