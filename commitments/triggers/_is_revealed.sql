EXISTS (
    SELECT 1 FROM commitments_preparation other
    WHERE other.agreement_id = OLD.agreement_id AND other.occasion = OLD.occasion
        AND other.party <> OLD.party AND other.ready_at IS NOT NULL
)
