"""What identifies a person: names of columns, and values, told as Python predicates and as the same tests in SQL.

NHS numbers: NHS Data Dictionary, modulus 11 check digit. Postcodes: BS 7666 as published by the Cabinet Office, with the list of
the 124 postcode areas. Telephone numbers: +44, 0044 or a leading 0 and 10 or 11 digits in all.
"""

import itertools
import re
from collections.abc import Sequence

from journeys import sql

NHS_NUMBER, POSTCODE, EMAIL, TELEPHONE = "NHS number", "postcode", "e-mail address", "telephone number"
KINDS = (NHS_NUMBER, POSTCODE, EMAIL, TELEPHONE)
BIRTH_DATE, NAME_OF_COLUMN = "date of birth", "column name"

AREAS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL "
    "GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA "
    "PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV "
    "YO ZE"
)
_AREA = "|".join(sorted(AREAS.lower().split(), key=len, reverse=True))
_OUTWARD, _INWARD = f"(?:{_AREA})[0-9](?:[0-9]|[a-hjkmnp-y])?", "[0-9][abd-hjlnp-uw-z]{2}"
# Patterns that RE2 (DuckDB) and re (Python) read alike; all are matched against lower-case text.
PATTERNS = {
    POSTCODE: rf"^{_OUTWARD} *{_INWARD}$|\b{_OUTWARD} +{_INWARD}\b",
    EMAIL: r"[a-z0-9._%+'-]+@[a-z0-9-]+\.[a-z]{2,}",
    TELEPHONE: (
        r"(?:^|[^0-9a-z+])(?:(?:\+|00) ?44[ ()-]*0?[ ()-]*[1-9]|\(?0[1-35789])(?:[ ()-]{0,2}[0-9]){8,9}(?:$|[^0-9a-z:])"
    ),
}
_NHS_DIGITS = r"\b([0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4})\b"
_CANDIDATE = "@|[0-9][ \u00a0]*[A-Za-z]{2}(?:$|[^0-9A-Za-z])|(?:[0-9][ \u00a0()-]{0,3}){10}"
WITHHELD = "(withheld)"

# --- names of columns -------------------------------------------------------------------------------------------------


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WHOLE_NAMES = _words(
    "name names nhs nhsno nhsnum nhsnumber newnhsnumber nhsid dob dateofbirth birthdate birthday born bornon dateborn yob "
    "postcode postalcode zipcode address addr email mail phone telephone tel mobile landline fax surname forename "
    "forenames firstname lastname givenname givennames familyname middlename fullname preferredname knownas maidenname "
    "initials ninumber nino nationalinsurance nationalinsurancenumber passport passportnumber uprn nextofkin "
    "emergencycontact hospitalnumber chinumber hcnumber contactdetails ipaddress"
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
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
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


def kind_of(value: str) -> str | None:
    """The kind of identifier that a value is or holds, or None."""
    if len(value) < 5 or not re.search(_CANDIDATE, value):
        return None
    text = value.replace("\u00a0", " ").lower()
    for match in re.finditer(f"(?={_NHS_DIGITS})", text):
        if is_nhs_number(re.sub(r"[^0-9]", "", match.group(1))):
            return NHS_NUMBER
    return next((kind for kind in (POSTCODE, EMAIL, TELEPHONE) if re.search(PATTERNS[kind], text)), None)


def shown(value: str | None) -> str | None:
    """A value as findings may print it: withheld when it looks identifying, cut to 100 characters."""
    if value is None:
        return None
    return WITHHELD if kind_of(value) else value[:100]


def candidate_sql(value: str) -> str:
    """A cheap SQL test that every value which `kind_sql` knows passes; `value` is a SQL expression."""
    return f"(length({value}) > 4 and regexp_matches({value}, {sql.text(_CANDIDATE)}))"


def kind_sql(value: str, kind: str) -> str:
    """The SQL test of one kind for a SQL expression of type varchar."""
    if kind == NHS_NUMBER:
        found = f"regexp_extract_all({_plain(value)}, {sql.text(_NHS_DIGITS)}, 1)"
        digits = f"list_transform({found}, lambda x: regexp_replace(x, '[^0-9]', '', 'g'))"
        return f"len(list_filter({digits}, lambda x: {_check_sql('x')})) > 0"
    return f"regexp_matches({_plain(value)}, {sql.text(PATTERNS[kind])})"


def any_kind_sql(value: str) -> str:
    """The SQL test of all kinds together."""
    return "(" + " or ".join(kind_sql(value, kind) for kind in KINDS) + ")"


def _plain(value: str) -> str:
    return f"lower(replace({value}, '\u00a0', ' '))"


def _check_sql(digits: str) -> str:
    total = " + ".join(f"{11 - place} * {digits}[{place}]::integer" for place in range(1, 10))
    varied = f"replace({digits}, {digits}[1], '') <> ''"
    return f"((11 - ({total}) % 11) % 11 = {digits}[10]::integer and {varied})"
