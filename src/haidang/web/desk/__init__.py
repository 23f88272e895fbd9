"""The desk where promises are tracked: documents in, claims confirmed, stages with evidence, proposals answered.

Records live in a database of their own, behind `haidang.track.store`, whose log only grows; the tables here hold what
leads to them: documents, drafts of claims, files of evidence, proposals of the public.
"""
