"""The tables."""

from haidang.web.factories.models.assessment import Answer, Assessment, Evidence, Section
from haidang.web.factories.models.factory import Factory, FactoryManager
from haidang.web.factories.models.papers import Application, Consent

__all__ = ["Answer", "Application", "Assessment", "Consent", "Evidence", "Factory", "FactoryManager", "Section"]
