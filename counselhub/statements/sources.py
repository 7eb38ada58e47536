"""The statements that `gather` sends: rows of one firm, as compact as the rules can take them."""

from counselhub.statements.codes import EXACT_COLUMNS, VERSION_COLUMNS

_ZONE = "'Asia/Shanghai'"


def _minute(column: str) -> str:
    """SQL of the minute of the day in Shanghai, seconds dropped (M3)."""
    return (
        f"extract(hour FROM {column} AT TIME ZONE {_ZONE})::int * 60"
        f" + extract(minute FROM {column} AT TIME ZONE {_ZONE})::int"
    )


def minute_of_day(column: str) -> str:
    """SQL of the minutes since the session's day began in Shanghai, seconds dropped (M3)."""
    return f"floor(date_part('epoch', ({column} AT TIME ZONE {_ZONE}) - d.day) / 60)::int"


def _day(column: str) -> str:
    """SQL of the day in Shanghai."""
    return f"({column} AT TIME ZONE {_ZONE})::date"


def _version(column: str) -> str:
    """SQL of a column of `scheme_version`; exact numbers as text, which JSON would make floats."""
    return f"v.{column}::text" if column in EXACT_COLUMNS else f"v.{column}"


CONTRACTS = f"""
WITH held AS (
    SELECT c.id, c.scheme_id, c.number, c.kind, c.starts_on, c.ends_on, c.terminated_on,
        c.annual_fen, array_agg(cc.community_code ORDER BY cc.community_code) AS communities
    FROM contract c
    JOIN contract_community cc ON cc.firm_id = c.firm_id AND cc.contract_id = c.id
    WHERE c.firm_id = %(firm)s AND c.status = ANY (%(statuses)s)
        AND c.starts_on <= %(closes)s AND coalesce(c.terminated_on, c.ends_on) >= %(opens)s
    GROUP BY c.firm_id, c.id
)
SELECT
    (SELECT json_agg(json_build_array(id, scheme_id, number, kind, starts_on, ends_on,
        terminated_on, annual_fen, communities) ORDER BY number)
     FROM held),
    (SELECT json_agg(json_build_array(s.id, s.code, {", ".join(map(_version, VERSION_COLUMNS))})
        ORDER BY v.effective_from NULLS FIRST)
     FROM scheme s JOIN scheme_version v ON v.firm_id = s.firm_id AND v.scheme_id = s.id
     WHERE s.firm_id = %(firm)s AND s.id IN (SELECT scheme_id FROM held))
"""  # noqa: S608  # names of ours

# A column an array: the rules' records are made of them in one go. A sign-out after midnight counts
# up to midnight: a session belongs to the day of its sign-in.
_SESSIONS = f"""
    SELECT json_build_array(d.community_code, array_agg(d.day),
        array_agg({minute_of_day("d.signed_in_at")}),
        array_agg(CASE WHEN d.signed_out_at IS NOT NULL
                  THEN least(1440, {minute_of_day("d.signed_out_at")}) END),
        array_agg(d.adviser_id), array_agg(d.substitute_for_id), array_agg(d.status = 'voided'),
        array_agg(d.source = 'manual'), array_agg(d.community_confirmed IS FALSE)) AS columns
    FROM unnest(%(present)s::text[], %(since)s::date[]) AS place (code, since)
    JOIN duty_session d ON d.firm_id = %(firm)s AND d.community_code = place.code
        AND d.day BETWEEN place.since AND %(closes)s
    GROUP BY d.community_code
"""  # noqa: S608  # names of ours

# The last statement before, whatever month it is of, hands its rest on (M11): to this one, unless
# a later one has taken it to the office already.
RECORDS = f"""
WITH claim AS (
    SELECT * FROM case_claim
    WHERE firm_id = %(firm)s AND community_code = ANY (%(places)s)
        AND closed_on BETWEEN %(year_opens)s AND %(closes)s
), taken AS (
    SELECT cases_taken_elsewhere((SELECT array_agg(number) FROM claim)) AS number
    UNION
    SELECT p.case_number FROM claim
    JOIN case_payment p ON p.case_number = claim.number AND p.firm_id = claim.firm_id
    JOIN statement s ON s.firm_id = p.firm_id AND s.id = p.statement_id
    WHERE (s.month, s.street_code)
        <> (date_trunc('month', claim.closed_on)::date, claim.street_code)
), before AS (
    SELECT DISTINCT ON (street_code) street_code, month, funding, total_fen
    FROM statement WHERE firm_id = %(firm)s AND street_code = ANY (%(streets)s)
        AND month < %(opens)s AND status <> 'void'
    ORDER BY street_code, month DESC
)
SELECT
    (SELECT json_agg(columns) FROM ({_SESSIONS}) AS present),
    (SELECT json_agg(json_build_array(community_code, adviser_id, starts_on, ends_on, role))
     FROM assignment WHERE firm_id = %(firm)s AND community_code = ANY (%(places)s)
        AND starts_on <= %(closes)s
        AND coalesce(ends_on, 'infinity'::date) >= %(year_opens)s),
    (SELECT json_agg(json_build_array(community_code, day, count))
     FROM service_record WHERE firm_id = %(firm)s AND community_code = ANY (%(places)s)
        AND kind = 'lecture' AND day BETWEEN %(quarter_opens)s AND %(closes)s),
    (SELECT json_agg(json_build_array(community_code, number, closed_on, difficulty,
        form = 'oral', fulfilled, dossier_complete, number IN (SELECT number FROM taken)))
     FROM claim),
    (SELECT json_agg(json_build_array(street_code, {_day("starts_at")}, {_minute("starts_at")},
        {_day("ends_at")}, {_minute("ends_at")}))
     FROM online_shift WHERE firm_id = %(firm)s AND street_code = ANY (%(streets)s)
        AND starts_at < %(after)s::timestamp AT TIME ZONE {_ZONE}
        AND ends_at > %(opens)s::timestamp AT TIME ZONE {_ZONE}),
    (SELECT json_agg(json_build_array(street_code, month, funding))
     FROM before WHERE total_fen < 0 AND NOT EXISTS (
        SELECT FROM statement later
        JOIN statement_line l ON l.firm_id = later.firm_id AND l.statement_id = later.id
        WHERE later.firm_id = %(firm)s AND later.street_code = before.street_code
            AND later.month > %(opens)s AND later.status NOT IN ('void', 'draft')
            AND l.kind = 'adjustment' AND l.contract_number = '' AND l.month = before.month)),
    (SELECT json_agg(json_build_array(street_code, status))
     FROM statement WHERE firm_id = %(firm)s AND street_code = ANY (%(streets)s)
        AND month = %(opens)s)
"""  # noqa: S608  # names of ours
