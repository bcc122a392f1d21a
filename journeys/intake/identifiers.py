"""What identifies a person: names of columns, and values, told as Python predicates and as the same tests in SQL.

NHS numbers: NHS Data Dictionary, modulus 11 check digit. Postcodes: BS 7666 as published by the Cabinet Office, with the list of
the 124 postcode areas. Telephone numbers: +44, 0044 or a leading 0 and 10 or 11 digits in all. National Insurance
numbers: HMRC's NIM39110. All are looked for in plain text: what looks alike is alike, and every dash, dot, slash and space between digits too.
"""

import itertools
import re
from collections.abc import Sequence

from journeys import sql
from journeys.intake import texts

NHS_NUMBER, POSTCODE, EMAIL, TELEPHONE = "NHS number", "postcode", "e-mail address", "telephone number"
NI_NUMBER, IP_ADDRESS, BORN_TEXT = "National Insurance number", "IP address", "date of birth in words"
KINDS = (NHS_NUMBER, POSTCODE, EMAIL, TELEPHONE, NI_NUMBER, IP_ADDRESS, BORN_TEXT)
BIRTH_DATE = "date of birth"

AREAS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL "
    "GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA "
    "PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV "
    "YO ZE"
)
_AREA = "|".join(sorted(AREAS.lower().split(), key=len, reverse=True))
_OUTWARD, _INWARD = f"(?:{_AREA})[0-9](?:[0-9]|[a-hjkmnp-y])?", "[0-9][abd-hjlnp-uw-z]{2}"
_NO_ORDINAL = "[0-9](?:[abd-hjlpquw-z][abd-hjlnp-uw-z]|[nr][abe-hjlnp-uw-z]|s[abd-hjlnp-suw-z]|t[abd-gjlnp-uw-z])"  # "M1, 2nd floor"
_GAP = "[ ./-]{0,3}"  # between the parts of one number, in any way of writing it
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_DAY, _MONTH, _YEAR = "(?:0?[1-9]|[12][0-9]|3[01])", "(?:0?[1-9]|1[0-2])", "(?:19|20)[0-9]{2}"
_DATES = rf"\b(?:{_YEAR}[./-]{_MONTH}[./-]{_DAY}|{_DAY}[./-]{_MONTH}[./-](?:{_YEAR}|[0-9]{{2}})|{_MONTH}[./-]{_DAY}[./-]{_YEAR})(?:\b|t)"
_FINANCIAL_YEARS = r"\b20[0-9]{2}/[0-9]{2}\b"  # "by 2024/25 a second team" holds no number
_SAID_BORN = r"\b(?:d[. ]{0,2}o[. ]{0,2}b\b\.?|date of birth|birth ?da(?:te|y)|born)"
_MONTH_NAME = "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_ORDINAL = f"{_DAY}(?:st|nd|rd|th)?"
_DAY_ALONE = (
    rf"(?:{_ORDINAL}[ ./-]{{0,3}}(?:of )?{_MONTH_NAME}\b|{_MONTH_NAME}[ .]{{0,2}}{_ORDINAL}\b|{_DAY}[./-]{_MONTH}\b)"
)
_SAID_DATE = (
    rf"(?:{_ORDINAL}[ ./-]{{1,3}}(?:of )?(?:[0-9]{{1,2}}|[a-z]{{3,9}})[ ,./-]{{1,3}}[0-9]{{2,4}}|{_YEAR}|"
    rf"[a-z]{{3,9}} {_ORDINAL},? {_YEAR}|[0-9]{{6,8}}\b|{_DAY_ALONE})"
)
_BORN_BEFORE_NOW = rf"\bb[.:] ?(?:(?:{_ORDINAL}[ ./-]{{1,3}}(?:{_MONTH}|{_MONTH_NAME})[ ,./-]{{1,3}})?(?:19[0-9]{{2}}|200[0-9])|{_DAY}[./-]{_MONTH}[./-][0-9]{{2}})\b"
_THAT_IS_BORN = rf"\b{_DAY_ALONE}[ ,]{{1,2}}(?:is |was )?(?:(?:his|her|their|my|the) )?birth ?da(?:te|y)\b"
# A date in one text: its parts in order; a run of eight digits is one only where nothing is known to be otherwise.
SHORT_DATE = "[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2}"
_HELD_DATE = rf"{_DATES}|\b{_ORDINAL}{_GAP}(?:of )?{_MONTH_NAME}[ ,./-]{{0,3}}(?:{_YEAR}|[0-9]{{2}})\b|\b{_MONTH_NAME}{_GAP}{_ORDINAL},?{_GAP}{_YEAR}\b"
_RUN_DATE = (
    rf"(?:{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])|(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2]){_YEAR})"
)
# Patterns that RE2 (DuckDB) and re (Python) read alike; all are matched against plain text (`plain`).
PATTERNS = {
    POSTCODE: rf"\b{_OUTWARD}(?:{_GAP}{_INWARD}|[ ,]{{1,3}}{_NO_ORDINAL})\b",
    # bounded, so that a text of a thousand lines costs no more than its length
    EMAIL: r"[a-z0-9._%+'-] ?(?:@|[(\[] ?at ?[)\]]) ?[a-z0-9-]{1,63} ?(?:\.|[(\[] ?dot ?[)\]]) ?[a-z]{2}",
    TELEPHONE: (
        r"(?:^|[^0-9a-z+]|tel|phone|mob|mobile|rang|ring|call)"
        r"(?:(?:\+|00) ?44[ ()./-]*0?[ ()./-]*[1-9]|(?:\(0\)[ ./-]{0,3}|\(?0)[1-35789])(?:[ ()./-]{0,3}[0-9]){8,9}(?:$|[^0-9a-z:])"
    ),
    NI_NUMBER: rf"\b[a-ceghj-prstw-z]{_GAP}[a-ceghj-nprstw-z](?:{_GAP}[0-9]){{6}}{_GAP}[a-d]\b",
    IP_ADDRESS: rf"\b(?:{_OCTET}\.){{3}}{_OCTET}\b|\b(?:[0-9a-f]{{1,4}}:){{5,7}}[0-9a-f]{{1,4}}\b|\b(?:[0-9a-f]{{1,4}}:){{1,6}}:[0-9a-f]{{1,4}}\b",
    BORN_TEXT: rf"{_SAID_BORN}[^a-z0-9]{{0,4}}(?:on |in |is |was )?(?:the )?{_SAID_DATE}|{_BORN_BEFORE_NOW}|{_THAT_IS_BORN}",
}
_NHS_GAP = "[ ,()./-]{0,3}"
_NHS_DIGITS = rf"\b(?:nhs|n|no|nr|num|number)?([0-9]{{3}}{_NHS_GAP}[0-9]{{3}}{_NHS_GAP}[0-9]{{4}})\b"
_LED_DIGITS = (
    r"\b[a-z]{1,12}([0-9]{3}[ ,()./-]{1,3}[0-9]{3}[ ,()./-]{1,3}[0-9]{4})\b"  # letters before a number in its groups
)
_NOT_SEARCHED = {NHS_NUMBER: _DATES, TELEPHONE: _DATES, NI_NUMBER: _FINANCIAL_YEARS}
_RUNS = r"\b([0-9]+(?:[ ./-]{1,3}[0-9]+){2,9})\b"  # ten digits in other groups are no NHS number where they are only part of a run
_NUMBERS = (_NHS_DIGITS, _LED_DIGITS, _RUNS)
_CANDIDATE = (
    r"@|[(\[] ?[Aa][Tt] ?[)\]]|[^\x00-\x7F]|[0-9][ ./_-]*[A-Za-z]{2}(?:$|[^0-9A-Za-z])|(?:[0-9][ ,()./_-]{0,3}){10}|[0-9][ ./_-]{0,3}[0-9][ ./_-]{0,3}[A-Da-d](?:$|[^0-9A-Za-z])|"
    r"[0-9]\.[0-9]+\.[0-9]|::|(?:[0-9A-Fa-f]{1,4}:){5}|[Bb][Ii][Rr][Tt][Hh]|[Bb][Oo][Rr][Nn]|[Dd][. _]{0,2}[Oo][. _]{0,2}[Bb]|(?:^|[^A-Za-z])[Bb][.:]"
)
MIN_LENGTH = 5
WITHHELD = "(withheld)"

# --- names of columns -------------------------------------------------------------------------------------------------


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WHOLE_NAMES = _words(
    "name names nhs nhsno nhsnum nhsnumber newnhsnumber nhsid dob dateofbirth birthdate birthday born bornon dateborn yob "
    "postcode postalcode zipcode address addr email mail phone telephone tel mobile landline fax surname forename "
    "forenames firstname lastname givenname givennames familyname middlename fullname preferredname knownas maidenname "
    "initials ninumber nino nationalinsurance nationalinsurancenumber passport passportnumber uprn nextofkin "
    "uniquepropertyreferencenumber propertyreferencenumber emergencycontact hospitalnumber chinumber hcnumber contactdetails ipaddress"
)
_TELLING_WORDS = _words(
    "surname forename forenames firstname lastname fullname dob birth birthday postcode postcodes address addr email emails "
    "phone telephone mobile landline nino passport uprn"
)
_TELLING_PAIRS = (
    ("nhs", ("no", "num", "number", "id", "nr")),
    ("national", ("insurance",)),
    ("ni", ("no", "num", "number")),
    ("post", ("code",)),
    ("e", ("mail",)),
    ("first", ("name",)),
    ("last", ("name",)),
    ("next", ("of",)),
)
_PERSONS = _words(
    "client patient person service_user user customer carer worker gp doctor referrer staff participant member individual "
    "first last middle full given family preferred maiden contact mother father partner spouse link parent"
)
_SPELLINGS = {"tel": "telephone", "telno": "telephone", "ph": "phone", "addressline": "address"}


def words_of(name: str) -> tuple[str, ...]:
    """The words of a column name: `DateOfBirth`, `date-of-birth` and `Date of birth` give the same three."""
    said = re.sub(r"(?i)\bnot\b[^)]*", " ", texts.folded(name))  # "Client code (not their name)" asks for no name
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", said)
    return tuple(re.findall(r"[a-z]+|[0-9]+", spaced.lower()))


def is_identifying_name(name: str) -> bool:
    """Whether a column of this name is taken to hold what identifies a person."""
    words = tuple(word for word in words_of(name) if not word.isdigit())
    if "".join(words) in _WHOLE_NAMES or _has_telling_word(words):
        return True
    return words[-1:] in (("name",), ("names",)) and bool(_PERSONS & set(words[:-1]))


def _has_telling_word(words: Sequence[str]) -> bool:
    if _TELLING_WORDS & {_SPELLINGS.get(word, word) for word in words}:
        return True
    pairs = set(itertools.pairwise(words))
    return any((first, second) in pairs for first, seconds in _TELLING_PAIRS for second in seconds)


# --- values -----------------------------------------------------------------------------------------------------------


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits carry a valid check digit (weights 10 to 2, modulus 11; 10 is no check digit)."""
    if not re.fullmatch(r"[0-9]{10}", digits) or len(set(digits)) == 1:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return (11 - total % 11) % 11 == int(digits[9])


def plain(value: str) -> str:
    """A text as it is searched: folded, lower case, underscores as spaces."""
    return texts.folded(value).lower().replace("_", " ")


def kind_of(value: str) -> str | None:
    """The kind of identifier that a value is or holds, or None."""
    if len(value) < MIN_LENGTH or not re.search(_CANDIDATE, value):
        return None
    text = plain(value)
    if any(is_nhs_number(re.sub(r"[^0-9]", "", number)) for number in _numbers(_without(NHS_NUMBER, text))):
        return NHS_NUMBER
    return next((kind for kind in KINDS[1:] if re.search(PATTERNS[kind], _without(kind, text), re.ASCII)), None)


def _without(kind: str, text: str) -> str:
    """The text without what looks like a kind and is none: dates among numbers, financial years."""
    return re.sub(_NOT_SEARCHED[kind], "|", text, flags=re.ASCII) if kind in _NOT_SEARCHED else text


def _numbers(text: str) -> list[str]:
    return [number for pattern in _NUMBERS for number in re.findall(pattern, text, re.ASCII)]


def shown(value: str | None) -> str | None:
    """A value as findings may print it: withheld when it looks identifying, cut to 100 characters."""
    if value is None:
        return None
    return WITHHELD if kind_of(value) else value[:100]


def shown_text(value: str | None) -> str | None:
    """The same of a text that holds no dates: withheld, too, where it is one."""
    is_date = re.fullmatch(f"{_HELD_DATE}|{_RUN_DATE}", plain(value or "").strip(), re.ASCII)
    return WITHHELD if is_date else shown(value)


def shown_code(value: str | None) -> str | None:
    """The same of a code, a flag or a number: withheld, too, where it holds a date."""
    return WITHHELD if re.search(_HELD_DATE, plain(value or ""), re.ASCII) else shown_text(value)


def holds_date_sql(value: str) -> str:
    """The SQL test of a code, a flag or a number in which `shown_code` withholds a date."""
    plain = plain_sql(value)
    return (
        f"(regexp_matches({plain}, {sql.text(_HELD_DATE)}) or regexp_full_match(trim({plain}), {sql.text(_RUN_DATE)}))"
    )


def candidate_sql(value: str) -> str:
    """A cheap SQL test that every value which `kind_sql` knows passes; `value` is a SQL expression."""
    return f"(length({value}) >= {MIN_LENGTH} and regexp_matches({value}, {sql.text(_CANDIDATE)}))"


def kind_sql(value: str, kind: str) -> str:
    """The SQL test of one kind for a SQL expression of plain text (`plain_sql`)."""
    if kind in _NOT_SEARCHED:
        value = f"regexp_replace({value}, {sql.text(_NOT_SEARCHED[kind])}, '|', 'g')"
    if kind == NHS_NUMBER:
        found = " || ".join(f"regexp_extract_all({value}, {sql.text(pattern)}, 1)" for pattern in _NUMBERS)
        digits = f"list_filter(list_transform({found}, lambda x: regexp_replace(x, '[^0-9]', '', 'g')), lambda x: length(x) = 10)"
        return f"len(list_filter({digits}, lambda x: {_check_sql('x')})) > 0"
    return f"regexp_matches({value}, {sql.text(PATTERNS[kind])})"


def plain_sql(value: str) -> str:
    """A SQL expression of type varchar as it is searched; short values, in which nothing is looked for, as null."""
    return f"(case when length({value}) >= {MIN_LENGTH} then replace(lower({texts.folded_sql(value)}), '_', ' ') end)"


def _check_sql(digits: str) -> str:
    total = " + ".join(f"{11 - place} * {digits}[{place}]::integer" for place in range(1, 10))
    varied = f"replace({digits}, {digits}[1], '') <> ''"
    return f"((11 - ({total}) % 11) % 11 = {digits}[10]::integer and {varied})"
