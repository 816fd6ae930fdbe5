EXISTS (
    SELECT 1 FROM commitments_evidenceevent erased
    WHERE erased.agreement_id = :agreement AND erased.kind = 'erased'
)
