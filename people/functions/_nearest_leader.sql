    line(place, person_id, unit_id, height) AS (
        SELECT place, person_id, unit_id, 0 FROM start
      UNION ALL
        SELECT line.place, line.person_id, unit.parent_id, line.height + 1
        FROM line JOIN people_unit unit ON unit.id = line.unit_id
        WHERE unit.parent_id IS NOT NULL
    ),
    nearest(place, manager_id) AS (
        SELECT DISTINCT ON (line.place) line.place, leader.user_id
        FROM line JOIN :leaders leader ON leader.unit_id = line.unit_id
        WHERE leader.user_id <> line.person_id
        ORDER BY line.place, line.height
    )
