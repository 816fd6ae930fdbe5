NEW.outcome := '';
RETURN NEW;
