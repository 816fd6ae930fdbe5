-- Three of four places of a list are used, so that a free one is soon drawn.
LOOP
    INSERT INTO certificates_badgestatus (certificate_id, place)
    VALUES (NEW.id, NEW.id / (:size * 3 / 4) * :size + floor(random() * :size)::bigint)
    ON CONFLICT (place) DO NOTHING;
    EXIT WHEN FOUND;
END LOOP;
RETURN NULL;
