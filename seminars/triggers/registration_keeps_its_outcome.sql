NEW.outcome := OLD.outcome;
RETURN NEW;
