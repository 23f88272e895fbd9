"""Reading: documents in, drafts of claims out, for a person to confirm.

For: quantities, periods, organisations and kinds of claim in Vietnamese and English news, reports and letters.
Given: files of text, HTML, PDF or DOCX; rules in YAML, which an office extends by a folder of its own.
Gives: documents as extracted, and drafts of commitments, indicator values, targets, events and proposals, each with the
characters it came from; links between drafts that seem to say the same; all of it as YAML and JSON.
Never: says that a claim is true, takes a claim that its text does not show, opens an address that it was not given,
resolves an XML entity, runs a script, or reads a file without a limit of size, pages, memory and time.
"""

from haidang.reading.claims import RuleExtractor
from haidang.reading.documents import read_document
from haidang.reading.draft import Document, Draft, Extractor, Period, Quantity, Span
from haidang.reading.duplicates import link
from haidang.reading.files import DraftsFileError, as_tree, write_yaml
from haidang.reading.limits import DocumentError
from haidang.reading.reading import Reading, read_files
from haidang.reading.rules import Rules, RulesError, load_rules
from haidang.reading.words import word, words

__all__ = [
    "Document",
    "DocumentError",
    "Draft",
    "DraftsFileError",
    "Extractor",
    "Period",
    "Quantity",
    "Reading",
    "RuleExtractor",
    "Rules",
    "RulesError",
    "Span",
    "as_tree",
    "link",
    "load_rules",
    "read_document",
    "read_files",
    "word",
    "words",
    "write_yaml",
]
