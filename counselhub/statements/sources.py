"""The statements that `gather` sends: rows of one firm, as compact as the rules can take them."""

from counselhub.statements.adjusted import ADJUSTMENTS
from counselhub.statements.codes import VERSION_VALUES
from counselhub.statements.released import RELEASES

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


WAITING = """
    SELECT street_code FROM adjustment WHERE firm_id = %(firm)s AND month < %(month)s
        AND statement_id IS NULL AND withdrawn_at IS NULL
    UNION SELECT street_code FROM assessment_release
        WHERE firm_id = %(firm)s AND last_month < %(month)s AND statement_id IS NULL
"""
# What instalments pay is no statement's: the base is nothing, or the whole contract left out.
# Streets where something of earlier months waits, or was taken by the month's statement, have one
# even when no contract runs there any more: else the last difference of a contract were lost.
CONTRACTS = f"""
WITH held AS (
    SELECT c.id, c.scheme_id, c.number, c.kind, c.starts_on, c.ends_on, c.terminated_on,
        CASE WHEN c.paid_by = 'both' THEN 0 ELSE c.annual_fen END AS annual_fen,
        array_agg(cc.community_code ORDER BY cc.community_code) AS communities
    FROM contract c
    JOIN contract_community cc ON cc.firm_id = c.firm_id AND cc.contract_id = c.id
    WHERE c.firm_id = %(firm)s AND c.status = ANY (%(statuses)s) AND c.paid_by <> 'instalments'
        AND c.starts_on <= %(closes)s AND coalesce(c.terminated_on, c.ends_on) >= %(opens)s
    GROUP BY c.firm_id, c.id
)
SELECT
    (SELECT json_agg(json_build_array(id, scheme_id, number, kind, starts_on, ends_on,
        terminated_on, annual_fen, communities) ORDER BY number)
     FROM held),
    (SELECT json_agg(json_build_array(s.id, s.code, {VERSION_VALUES})
        ORDER BY v.effective_from NULLS FIRST)
     FROM scheme s JOIN scheme_version v ON v.firm_id = s.firm_id AND v.scheme_id = s.id
     WHERE s.firm_id = %(firm)s AND s.id IN (SELECT scheme_id FROM held)),
    ARRAY({WAITING}
     UNION SELECT s.street_code FROM statement s
        WHERE s.firm_id = %(firm)s AND s.month = %(month)s AND s.status <> 'void'
        AND (EXISTS (SELECT FROM adjustment a WHERE a.firm_id = s.firm_id AND a.statement_id = s.id)
            OR EXISTS (SELECT FROM assessment_release a
                WHERE a.firm_id = s.firm_id AND a.statement_id = s.id)))
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

# Who led is read from last January on: what is settled late of last year is split by it.
# What was entered late of a sealed month counts towards the caps of those that follow.
# What an earlier statement left below nothing is taken off (M11), less what others have taken of
# it: those before this one, and of those after it the ones that are no draft any more.
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
), late AS (
    SELECT * FROM late_entry
    WHERE firm_id = %(firm)s AND community_code = ANY (%(places)s) AND status = 'approved'
), rest AS (
    SELECT street_code, month, 1 AS sign, funding
    FROM statement WHERE firm_id = %(firm)s AND street_code = ANY (%(streets)s)
        AND month < %(opens)s AND status <> 'void' AND total_fen < 0
    UNION ALL
    SELECT taker.street_code, l.month, -1, l.trace->0->'inputs'->'sources'
    FROM statement taker
    JOIN statement_line l ON l.firm_id = taker.firm_id AND l.statement_id = taker.id
        AND l.contract_number = ''
    WHERE taker.firm_id = %(firm)s AND taker.street_code = ANY (%(streets)s)
        AND taker.status <> 'void' AND l.month < %(opens)s
        AND (taker.month < %(opens)s OR taker.month > %(opens)s AND taker.status <> 'draft')
)
SELECT
    (SELECT json_agg(columns) FROM ({_SESSIONS}) AS present),
    (SELECT json_agg(json_build_array(community_code, adviser_id, starts_on, ends_on, role))
     FROM assignment WHERE firm_id = %(firm)s AND community_code = ANY (%(places)s)
        AND starts_on <= %(closes)s
        AND coalesce(ends_on, 'infinity'::date) >= %(led_since)s),
    (SELECT json_agg(json_build_array(community_code, day, count, adviser_id))
     FROM (SELECT community_code, day, count, adviser_id FROM service_record
        WHERE firm_id = %(firm)s AND community_code = ANY (%(places)s)
            AND kind = 'lecture' AND day BETWEEN %(quarter_opens)s AND %(closes)s
        UNION ALL SELECT community_code, day, times, adviser_id FROM late WHERE kind = 'lecture'
            AND day BETWEEN %(quarter_opens)s AND %(closes)s) AS held),
    (SELECT json_agg(json_build_array(community_code, number, closed_on, difficulty,
        form = 'oral', fulfilled, dossier_complete, number IN (SELECT number FROM taken),
        adviser_id))
     FROM (SELECT community_code, number, closed_on, difficulty, form, fulfilled, dossier_complete,
            adviser_id
        FROM claim
        UNION ALL SELECT community_code, case_number, day, difficulty, form, true, true, adviser_id
        FROM late WHERE kind = 'case' AND day BETWEEN %(year_opens)s AND %(closes)s) AS closed),
    (SELECT json_agg(json_build_array(street_code, {_day("starts_at")}, {_minute("starts_at")},
        {_day("ends_at")}, {_minute("ends_at")}, adviser_id))
     FROM online_shift WHERE firm_id = %(firm)s AND street_code = ANY (%(streets)s)
        AND starts_at < %(after)s::timestamp AT TIME ZONE {_ZONE}
        AND ends_at > %(opens)s::timestamp AT TIME ZONE {_ZONE}),
    (SELECT json_agg(json_build_array(street_code, month, sign, funding)
        ORDER BY street_code, month, sign DESC) FROM rest),
    (SELECT json_agg(json_build_array(street_code, status))
     FROM statement WHERE firm_id = %(firm)s AND street_code = ANY (%(streets)s)
        AND month = %(opens)s),
    ({ADJUSTMENTS}),
    ({RELEASES})
"""  # noqa: S608  # names of ours
