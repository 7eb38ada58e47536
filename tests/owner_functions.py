"""Functions that ask as the owner of the tables, and what lets each do so."""

FUNCTIONS_AS_OWNER = {
    "cases_taken_elsewhere": "tells a firm which of its case numbers others were paid for",
    "dispute_clashes": "tells month and street of the same dispute elsewhere, of asked claims",
    "pack_adopters": "tells a rule pack's owner which firms follow it, and for how many contracts",
    "communities_matching": "asks the search index of everybody's reference",
    "conferences_matching": "asks the search index, for the scope's own firm",
    "referrals_matching": "asks the search index, for the scope's own firm",
    "service_notes_matching": "asks the search index, for the scope's own firm",
    "companies_matching": "asks the search index, for the scope's own firm",
    "lectures_matching": "asks the search index, for the scope's own firm",
    "invoices_matching": "asks the search index, for the scope's own firm",
    "texts_matching": "asks the search index, for the scope's own firm",
    "matters_matching": "asks the search index, for the scope's own firm",
    "matter_candidates": "looks past walls for conflicts, for the scope's own firm",
    "last_matter_number": "tells the last number of the scope's own firm",
    "walled_matters": "tells what the scope's person is walled off from",
    "last_referral_number": "tells the last number of the scope's own firm",
    "walled_services": "tells the services of those",
    "walled_referrals": "tells what was referred of those",
    "forget_firm": "deletes acts of a firm whose departure has come to its day; shows counts",
    "walled_things": "tells those, their conflicts and checks, what was referred, conferred, sent",
}
"""SECURITY DEFINER functions that show something: each reads the scope itself."""

FUNCTIONS_WITHOUT_SCOPE = {
    "keep_head": "a trigger: keeps the head of the day",
    "link_account_event": "a trigger: links an act on accounts",
    "link_event": "a trigger: links an act on a firm's row",
    "tell_hooks": "a trigger: writes what other programs are to be told",
    "count_request": "counts under a digest that names nobody, for strangers too",
    "requests_counted": "tells the count of such a digest",
    "forget_requests": "clears such a digest",
    "sweep_requests": "clears counters that are over",
}
"""SECURITY DEFINER functions that show no row of anybody."""
