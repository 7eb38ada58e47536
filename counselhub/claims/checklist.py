"""What a dossier must hold, by class: data and one pure question.

DOSSIER-1 the first class asks for the case note and the agreement; DOSSIER-2 the second adds the
minutes and the return visit; DOSSIER-3 the upper two ask for all twelve, in the order of the form;
DOSSIER-4 an oral agreement has no sheet of its own: the minutes stand for it; DOSSIER-5 a document
that is not needed, with its reason, is not missing, unless it is one that decides the case.
"""

from collections.abc import Collection, Mapping

from counselhub.claims.kinds import AgreementForm, Difficulty, Document

D = Document
SHORT = (D.REGISTER, D.AGREEMENT)
MIDDLE = (*SHORT, D.MINUTES, D.VISIT)
BY_CLASS: Mapping[str, Collection[Document]] = {
    Difficulty.SIMPLE: SHORT,
    Difficulty.ORDINARY: MIDDLE,
    Difficulty.MAJOR: tuple(Document),
    Difficulty.EXTRAORDINARY: tuple(Document),
}
MAIN = frozenset({D.REGISTER, D.AGREEMENT})
"""What no reason makes superfluous."""


def required(difficulty: str, form: str) -> list[Document]:
    """Return the documents that a class asks for, in the order of the form (DOSSIER-1 to 4)."""
    asked = set(BY_CLASS[difficulty])
    if form == AgreementForm.ORAL:
        asked = (asked - {D.AGREEMENT}) | {D.MINUTES}
    return [one for one in Document if one in asked]


def missing(
    difficulty: str, form: str, there: Collection[str], not_needed: Collection[str]
) -> list[Document]:
    """Return what is still missing, in the order of the form; nothing of a complete dossier.

    there: documents that are on file. not_needed: those that somebody gave a reason for.
    """
    spared = {one for one in not_needed if may_be_spared(one, form)}
    return [one for one in required(difficulty, form) if one not in there and one not in spared]


def may_be_spared(document: str, form: str) -> bool:
    """Tell whether a reason can make a document superfluous (DOSSIER-5)."""
    main = MAIN | ({D.MINUTES} if form == AgreementForm.ORAL else set())
    return document not in main
