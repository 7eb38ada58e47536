"""The lines of the province's month as one would write them by hand: one SQL statement.

It knows the one scheme of `bench_province` and nothing else: no caps over several months, no
funding but halves, no history, no registry of cases, no row security. Heads, lines, their working
and their warnings are those that the batch stores, to the letter: `SAME` compares them.
"""

WRITE = """
WITH counted AS MATERIALIZED (
    SELECT d.firm_id, d.community_code, d.day,
        extract(hour FROM signed_in_at AT TIME ZONE 'Asia/Shanghai')::int * 60
            + extract(minute FROM signed_in_at AT TIME ZONE 'Asia/Shanghai')::int AS opens,
        extract(hour FROM signed_out_at AT TIME ZONE 'Asia/Shanghai')::int * 60
            + extract(minute FROM signed_out_at AT TIME ZONE 'Asia/Shanghai')::int AS closes
    FROM duty_session d
    WHERE d.day BETWEEN '2026-10-01' AND '2026-10-31' AND d.status <> 'voided'
        AND d.signed_out_at IS NOT NULL
        AND EXISTS (SELECT FROM assignment a
            WHERE a.firm_id = d.firm_id AND a.community_code = d.community_code
            AND a.adviser_id IN (d.adviser_id, d.substitute_for_id)
            AND d.day BETWEEN a.starts_on AND coalesce(a.ends_on, 'infinity'))
), spread AS (
    SELECT firm_id, community_code, day, opens, closes, max(closes) OVER (
        PARTITION BY firm_id, community_code, day ORDER BY opens, closes
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
    FROM counted
), visit AS (
    SELECT firm_id, community_code, day, bool_or(opens < before) AS is_double,
        sum(greatest(0, closes - greatest(opens, before)))::int AS minutes
    FROM spread GROUP BY firm_id, community_code, day
), present AS MATERIALIZED (
    SELECT firm_id, community_code,
        count(*) FILTER (WHERE minutes >= 60) AS visits,
        coalesce(sum(minutes) FILTER (WHERE minutes >= 60), 0) AS minutes,
        jsonb_agg(jsonb_build_array(day, minutes) ORDER BY day) FILTER (WHERE minutes >= 60)
            AS days,
        jsonb_agg(day ORDER BY day) FILTER (WHERE is_double) AS overlapping
    FROM visit GROUP BY firm_id, community_code
), active AS (
    SELECT c.firm_id, c.id, c.number, cc.community_code, cc.street_code, v.*,
        least(coalesce(c.terminated_on, c.ends_on), '2026-10-31')
            - greatest(c.starts_on, '2026-10-01') + 1 AS active_days,
        coalesce(c.annual_fen, v.year_fen) AS annual_fen, c.annual_fen IS NOT NULL AS is_own
    FROM contract c
    JOIN contract_community cc ON cc.firm_id = c.firm_id AND cc.contract_id = c.id
    JOIN (SELECT firm_id AS whose, scheme_id AS of, annual_fen AS year_fen, deduction_fen,
            lecture_fen, lecture_quarter_cap, case_simple_fen, oral_percent, required_visits,
            required_hours * 60 AS asked, shortest_visit_minutes AS shortest
        FROM scheme_version) v ON v.whose = c.firm_id AND v.of = c.scheme_id
    WHERE c.status IN ('active', 'expired', 'terminated') AND c.starts_on <= '2026-10-31'
        AND coalesce(c.terminated_on, c.ends_on) >= '2026-10-01'
), based AS (
    SELECT *, round(annual_fen * 10 / 12.0) AS reached_fen,
        round(annual_fen * 9 / 12.0) AS before_fen,
        floor(asked * active_days / 31)::int AS owed,
        required_visits * active_days / 31 AS owed_visits
    FROM active
), worked AS MATERIALIZED (
    SELECT b.*, p.visits, p.minutes, p.days, p.overlapping,
        reached_fen - before_fen AS full_fen,
        round((reached_fen - before_fen) * active_days / 31) AS base_fen,
        greatest(0, owed - coalesce(p.minutes, 0)) AS missing
    FROM based b LEFT JOIN present p USING (firm_id, community_code)
), line AS MATERIALIZED (
    SELECT firm_id, id AS contract_id, number, community_code, street_code, 1 AS place,
        'base' AS kind, active_days || '/31' AS quantity, base_fen AS amount_fen,
        jsonb_build_array(
            jsonb_build_object('rule', 'M1', 'name', 'period', 'inputs', jsonb_build_object(
                'scheme', 'S1', 'effective_on', '0001-01-01', 'cycle', '月',
                'first', '2026-10-01', 'last', '2026-10-31')),
            jsonb_build_object('rule', 'M2', 'name', 'full_base', 'inputs', jsonb_build_object(
                'annual_fen', annual_fen, 'is_of_contract', is_own, 'place', 10, 'per_year', 12,
                'reached_fen', reached_fen, 'before_fen', before_fen, 'full_fen', full_fen)),
            jsonb_build_object('rule', 'M2', 'name', 'active_part', 'inputs', jsonb_build_object(
                'full_fen', full_fen, 'active_days', active_days, 'days_in_period', 31,
                'base_fen', base_fen))) AS trace,
        '[]'::jsonb AS warnings
    FROM worked
    UNION ALL
    SELECT firm_id, id, number, community_code, street_code, 2, 'shortfall',
        ceil(missing / 60.0)::text, -least(deduction_fen * ceil(missing / 60.0), base_fen),
        jsonb_build_array(
            jsonb_build_object('rule', 'M3', 'name', 'presence', 'inputs', jsonb_build_object(
                'days', coalesce(days, '[]'), 'visits', coalesce(visits, 0),
                'minutes', coalesce(minutes, 0), 'shortest_visit_minutes', shortest)),
            jsonb_build_object('rule', 'M4', 'name', 'required', 'inputs', jsonb_build_object(
                'visits', owed_visits, 'minutes', owed, 'active_days', active_days,
                'days_in_month', 31, 'visits_a_month', required_visits,
                'minutes_a_month', trim_scale(asked)::text)),
            jsonb_build_object('rule', 'M5', 'name', 'per_hour', 'inputs', jsonb_build_object(
                'missing_minutes', missing, 'started_hours', ceil(missing / 60.0),
                'rate_fen', deduction_fen, 'cost_fen', deduction_fen * ceil(missing / 60.0))),
            jsonb_build_object('rule', 'M5', 'name', 'period_cap', 'inputs', jsonb_build_object(
                'base_fen', base_fen, 'left_fen', base_fen,
                'taken_fen', least(deduction_fen * ceil(missing / 60.0), base_fen)))),
        CASE WHEN overlapping IS NULL THEN '[]' ELSE jsonb_build_array(jsonb_build_object(
            'code', 'overlap', 'inputs', jsonb_build_object('days', overlapping))) END
    FROM worked
    UNION ALL
    SELECT w.firm_id, w.id, w.number, w.community_code, w.street_code, 3, 'lecture',
        sum(s.count)::text, least(sum(s.count), lecture_quarter_cap) * lecture_fen,
        jsonb_build_array(jsonb_build_object('rule', 'M6', 'name', 'lectures',
            'inputs', jsonb_build_object('rate_fen', lecture_fen,
                'cap_a_quarter', lecture_quarter_cap, 'lectures', jsonb_agg(jsonb_build_object(
                    'day', s.day, 'times', s.count, 'paid', 1, 'room', 1) ORDER BY s.day)))),
        '[]'
    FROM worked w JOIN service_record s ON s.firm_id = w.firm_id
        AND s.community_code = w.community_code AND s.kind = 'lecture'
        AND s.day BETWEEN '2026-10-01' AND '2026-10-31'
    GROUP BY 1, 2, 3, 4, 5, lecture_quarter_cap, lecture_fen
    UNION ALL
    SELECT w.firm_id, w.id, w.number, w.community_code, w.street_code, 5, 'case',
        count(*)::text, sum(round(case_simple_fen * oral_percent / 100)),
        jsonb_agg(jsonb_build_object('rule', 'M8', 'name', 'claim', 'inputs',
            jsonb_build_object('case_number', c.number, 'closed_on', c.closed_on,
                'difficulty', '简易', 'is_oral', true, 'refusal', '', 'room_fen', NULL,
                'cap_a_year_fen', NULL, 'class_fen', case_simple_fen,
                'oral_percent', trim_scale(oral_percent)::text,
                'full_fen', round(case_simple_fen * oral_percent / 100),
                'paid_fen', round(case_simple_fen * oral_percent / 100)))
            ORDER BY c.closed_on, c.number),
        '[]'
    FROM worked w JOIN case_claim c ON c.firm_id = w.firm_id
        AND c.community_code = w.community_code AND c.fulfilled AND c.dossier_complete
        AND c.closed_on BETWEEN '2026-10-01' AND '2026-10-31'
        AND c.closed_on >= date '2026-10-31' - w.active_days + 1
        AND NOT EXISTS (SELECT FROM case_payment taken WHERE taken.case_number = c.number)
    GROUP BY 1, 2, 3, 4, 5
), head AS MATERIALIZED (
    SELECT gen_random_uuid() AS id, line.firm_id, firm.code, street_code,
        sum(amount_fen)::bigint AS total_fen
    FROM line JOIN firm ON firm.id = line.firm_id GROUP BY 2, 3, 4
), heads AS (
    INSERT INTO statement (firm_id, id, number, street_code, month, status, version, total_fen,
        funding, payee, computed_at, revision)
    SELECT firm_id, id, code || '-' || street_code || '-202610', street_code, '2026-10-01',
        'draft', 0, total_fen, jsonb_build_array(
            jsonb_build_array('区级', ceil(total_fen / 2.0)),
            jsonb_build_array('街道', floor(total_fen / 2.0))), '{}', now(), 1
    FROM head
)
INSERT INTO statement_line (firm_id, id, statement_id, street_code, position, contract_id,
    contract_number, community_code, kind, month, quantity, amount_fen, trace, warnings, review,
    payment, version, revision)
SELECT line.firm_id, gen_random_uuid(), head.id, line.street_code,
    row_number() OVER (PARTITION BY head.id ORDER BY community_code, number, place) - 1,
    contract_id, number, community_code, kind, '2026-10-01', quantity, amount_fen, trace, warnings,
    'pending', 'unpaid', 1, 1
FROM line JOIN head USING (firm_id, street_code)
"""

KEPT = """
CREATE TEMP TABLE stored AS
SELECT s.number AS statement, s.total_fen, s.funding, l.position, l.contract_number,
    l.community_code, l.kind, l.month, l.quantity, l.amount_fen, l.trace, l.warnings
FROM statement_line l JOIN statement s ON s.firm_id = l.firm_id AND s.id = l.statement_id
"""
"""What the batch stored, for comparing."""

SAME = """
SELECT count(*) FROM stored FULL JOIN (
    SELECT s.number AS statement, s.total_fen, s.funding, l.position, l.contract_number,
        l.community_code, l.kind, l.month, l.quantity, l.amount_fen, l.trace, l.warnings
    FROM statement_line l JOIN statement s ON s.firm_id = l.firm_id AND s.id = l.statement_id
) written USING (statement, position)
WHERE ROW(stored.total_fen, stored.funding, stored.contract_number, stored.community_code,
        stored.kind, stored.month, stored.quantity, stored.amount_fen, stored.trace,
        stored.warnings)
    IS DISTINCT FROM ROW(written.total_fen, written.funding, written.contract_number,
        written.community_code, written.kind, written.month, written.quantity, written.amount_fen,
        written.trace, written.warnings)
"""
"""How many lines differ; 0 when both wrote the same."""
