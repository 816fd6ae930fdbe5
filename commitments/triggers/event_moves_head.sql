UPDATE commitments_agreement
    SET evidence_number = NEW.number, evidence_sha256 = NEW.sha256
    WHERE id = NEW.agreement_id;
RETURN NULL;
