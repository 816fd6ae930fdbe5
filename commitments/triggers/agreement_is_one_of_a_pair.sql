IF EXISTS (
    WITH RECURSIVE was(id) AS (
        SELECT NEW.unit_id
      UNION
        SELECT step.from_unit_id FROM was
        JOIN people_unit_successors step ON step.to_unit_id = was.id
    )
    SELECT FROM commitments_agreement other
    JOIN was ON was.id = other.unit_id
    WHERE other.employee_id = NEW.employee_id AND other.leader_id = NEW.leader_id
        AND other.ended_at IS NULL AND other.leader_access_ended_at IS NULL
        AND other.unit_id <> NEW.unit_id
) THEN
    RAISE EXCEPTION 'two have one open agreement in a unit and in what it was before'
        USING ERRCODE = 'unique_violation';
END IF;
RETURN NEW;
