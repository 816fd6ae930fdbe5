IF NEW.lapsed_at IS NOT NULL
    AND OLD.due_on + :patience > (now() AT TIME ZONE 'Europe/Oslo')::date
THEN
    RAISE EXCEPTION 'a conversation lapses on the day that was told'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
