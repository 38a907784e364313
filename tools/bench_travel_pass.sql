-- The travel pass rule as a careful person would write it by hand: the yardstick of the set-based engine.
WITH known AS (
  SELECT *,
    CASE WHEN NOT "in population register" THEN 'no'
         WHEN "in population register" AND "residence status" = 'moved_away' THEN 'no'
         WHEN "in population register" AND "residence status" IN ('resident', 'temporary') THEN 'yes' END AS lives,
    CASE WHEN NOT "employer registered" THEN 'not found'
         WHEN "employer status" IN ('suspended', 'closed') THEN 'not active'
         WHEN "employer status" = 'active' AND "employer sector" = 'public_duty' THEN 'public duty'
         WHEN "employer status" = 'active' AND "employer sector" = 'health' THEN 'health'
         WHEN "employer status" = 'active' AND "employer sector" IN ('food_supply', 'utilities', 'banking', 'press',
              'logistics', 'fuel', 'telecom', 'transport', 'agriculture') THEN 'essential'
         WHEN "employer status" = 'active' AND "employer sector" IN ('manufacturing', 'construction') THEN
           CASE WHEN opening IN ('production', 'services') THEN 'reopened' WHEN opening = 'essential' THEN 'other' END
         WHEN "employer status" = 'active' AND "employer sector" IN ('retail', 'personal_services', 'education') THEN
           CASE WHEN opening = 'services' THEN 'reopened' WHEN opening IN ('essential', 'production') THEN 'other' END
         WHEN "employer status" = 'active' AND "employer sector" IS NOT NULL THEN 'other' END AS employer,
    CASE WHEN capacity = 'owner' AND "owner of business" THEN 'proven'
         WHEN capacity = 'owner' AND NOT "owner of business" THEN 'disproved'
         WHEN capacity IN ('employee', 'courier') AND "insured at employer" AND "insurance status" = 'active'
           THEN 'proven'
         WHEN capacity IN ('employee', 'courier') AND "insured at employer"
              AND "insurance status" IN ('paused', 'stopped') THEN 'disproved'
         WHEN capacity IN ('employee', 'courier') AND NOT "insured at employer" THEN 'disproved' END AS link
  FROM {source}
), ruled AS (
  SELECT id, CASE
    WHEN "needed from" < today OR "needed from" > today + 3 THEN 1
    WHEN lives = 'no' THEN 2
    WHEN employer = 'not found' THEN 3
    WHEN employer = 'not active' THEN 4
    WHEN employer = 'other' THEN 5
    WHEN capacity IN ('employee', 'courier') AND link = 'disproved' THEN 6
    WHEN capacity = 'owner' AND link = 'disproved' THEN 7
    WHEN employer IN ('essential', 'reopened') AND "home zone" = 'red' THEN 8
    WHEN employer IN ('essential', 'reopened') AND "work zone" = 'red' THEN 9
    WHEN lives IS NULL THEN 10
    WHEN employer IS NULL THEN 11
    WHEN link IS NULL THEN 12
    WHEN employer IN ('public duty', 'health') THEN 13
    WHEN "home zone" IS NULL THEN 14
    WHEN "work zone" IS NULL THEN 15
    WHEN "needed from" IS NOT NULL AND "home zone" IN ('yellow', 'green') AND "work zone" IN ('yellow', 'green')
      THEN 16
    ELSE 17 END AS rule
  FROM known
)
SELECT id,
  CASE WHEN rule <= 9 THEN 'refuse' WHEN rule IN (13, 16) THEN 'grant' ELSE 'refer' END AS answer,
  CASE rule WHEN 1 THEN 'day_not_open' WHEN 2 THEN 'not_registered_here' WHEN 3 THEN 'employer_not_found'
    WHEN 4 THEN 'employer_not_active' WHEN 5 THEN 'sector_not_essential' WHEN 6 THEN 'not_insured_there'
    WHEN 7 THEN 'not_the_owner' WHEN 8 THEN 'home_in_red_zone' WHEN 9 THEN 'work_in_red_zone'
    WHEN 10 THEN 'residence_unknown' WHEN 11 THEN 'employer_unknown' WHEN 12 THEN 'work_link_unknown'
    WHEN 13 THEN 'on_duty' WHEN 14 THEN 'home_zone_unknown' WHEN 15 THEN 'work_zone_unknown'
    WHEN 16 THEN 'essential_work' ELSE 'start_day_unknown' END AS reason,
  rule
FROM ruled
