EXISTS (
    SELECT 1 FROM commitments_evidenceevent event
    WHERE event.agreement_id = :agreement AND event.kind = 'erased'
)
