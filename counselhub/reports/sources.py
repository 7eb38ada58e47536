"""The statements behind what a month requires: of one firm, or of every firm in scope."""

from counselhub.statements.codes import EXACT_COLUMNS, VERSION_COLUMNS
from counselhub.statements.sources import minute_of_day


def _version(column: str) -> str:
    """SQL of a column of `scheme_version`; exact numbers as text, which JSON would make floats."""
    return f"v.{column}::text" if column in EXACT_COLUMNS else f"v.{column}"


_HELD = """
WITH held AS (
    SELECT c.firm_id, c.id, c.scheme_id, c.number, c.kind, c.starts_on, c.ends_on,
        c.terminated_on, c.annual_fen,
        array_agg(cc.community_code ORDER BY cc.community_code) AS communities
    FROM contract c
    JOIN contract_community cc ON cc.firm_id = c.firm_id AND cc.contract_id = c.id
    WHERE {firm} AND {street} AND c.status = ANY (%(statuses)s)
        AND c.starts_on <= %(closes)s AND coalesce(c.terminated_on, c.ends_on) >= %(opens)s
    GROUP BY c.firm_id, c.id
)"""


def contracts(*, of_firm: bool, of_street: bool) -> str:
    """Return the statement of contracts in force, and of all versions of their schemes.

    Parameters: firm, street (where asked for), statuses, opens, closes. Gives two JSON arrays, null
    when there is nothing.
    """
    versions = ", ".join(map(_version, VERSION_COLUMNS))
    held = _HELD.format(
        firm="c.firm_id = %(firm)s" if of_firm else "true",
        street="cc.street_code = %(street)s" if of_street else "true",
    )
    return f"""{held}
SELECT
    (SELECT json_agg(json_build_array(firm_id, scheme_id, number, kind, starts_on, ends_on,
        terminated_on, annual_fen, communities) ORDER BY number) FROM held),
    (SELECT json_agg(json_build_array(s.firm_id, s.id, s.code, {versions})
        ORDER BY v.effective_from NULLS FIRST)
     FROM scheme s JOIN scheme_version v ON v.firm_id = s.firm_id AND v.scheme_id = s.id
     WHERE (s.firm_id, s.id) IN (SELECT firm_id, scheme_id FROM held))
"""  # noqa: S608  # names of ours


# Only what can count (M3): a session that was not signed out, or is voided, counts for nothing.
PRESENCE = f"""
WITH place AS (
    SELECT * FROM unnest(%(firms)s::uuid[], %(communities)s::text[]) AS place (firm_id, code)
)
SELECT
    (SELECT json_agg(columns) FROM (
        SELECT json_build_array(d.firm_id, d.community_code, array_agg(d.day),
            array_agg({minute_of_day("d.signed_in_at")}),
            array_agg(least(1440, {minute_of_day("d.signed_out_at")})),
            array_agg(d.adviser_id), array_agg(d.substitute_for_id)) AS columns
        FROM place JOIN duty_session d ON d.firm_id = place.firm_id
            AND d.community_code = place.code AND d.day BETWEEN %(opens)s AND %(closes)s
        WHERE d.signed_out_at IS NOT NULL AND d.status <> 'voided'
        GROUP BY d.firm_id, d.community_code) AS present),
    (SELECT json_agg(json_build_array(a.firm_id, a.adviser_id, a.community_code, a.starts_on,
        a.ends_on, a.role))
     FROM place JOIN assignment a ON a.firm_id = place.firm_id AND a.community_code = place.code
     WHERE a.starts_on <= %(closes)s AND coalesce(a.ends_on, 'infinity'::date) >= %(opens)s)
"""  # noqa: S608  # names of ours
"""Sessions and assignments of the communities from opens to closes; parameters: firms and
communities (two arrays side by side), opens, closes."""
