/** The demo company's second definition: who they are and what they do now, apart; agreed with sales. */
export const DEFINITION_V2 = `# Tidewater Rota (a synthetic company): the second definition, agreed by marketing and sales.
#
# Tidewater Rota does not exist, and neither does anybody in its data.
winnow: 1
name: Tidewater Rota (synthetic), version 2
description: >-
  Fit says whether shift planning with us could work for this company; interest says whether they want to talk now. Neither
  makes up for the other, and interest fades.

attributes:
  role: { type: choice, of: [owner, head, manager, staff, student], question: What do you do there? }
  department: { type: choice, of: [operations, hr, it, finance, other], question: Which team do you work in? }
  mailbox: { type: choice, of: [company, free, university], label: Kind of mail address }
  planning_tool:
    type: choice
    of: [paper, spreadsheet, own_system, rival_suite]
    question: How do you plan shifts today?
  source:
    type: choice
    of: [search_ads, organic, social_ads, webinars, fairs, partners, referral, review_sites, creator_videos]
  campaign: { type: text }
  data_origin: { type: text, label: Where this record comes from }
  employees: { type: number, about: account, unit: people, question: How many people work there? }
  industry:
    type: choice
    about: account
    of: [care, logistics, retail, manufacturing, hospitality, public, software]
  country: { type: text, about: account, label: Country (ISO code) }
  # What a rep finds out in the first conversation.
  budget: { type: number, unit: EUR, answers: budget, question: What is set aside for shift planning? }
  signs: { type: choice, of: [alone, with_another, 'no'], answers: authority, question: Who signs? }
  need:
    type: choices
    of: [overtime, sick_leave, law, growth, just_looking]
    answers: need
    question: What made you look for something now?
  start_by: { type: date, answers: timing, question: When should the first rota be in it? }

activities:
  # Visits that the tracker takes for a program are no visits.
  pricing_viewed: { from: page, where: { path: /pricing, robot: { known: false } }, intent: high }
  story_read: { from: page, where: { path: { starts_with: /customers/ }, robot: { known: false } }, intent: medium }
  features_viewed: { from: page, where: { path: [/features, /docs/import, /docs/security], robot: { known: false } }, intent: low }
  careers_viewed: { from: page, where: { path: /careers }, intent: negative }
  demo_requested: { from: form_submitted, where: { form: demo }, intent: high }
  contact_requested: { from: form_submitted, where: { form: [contact, fair_card] }, intent: high }
  trial_started: { from: trial_started, intent: high }
  rota_published: { from: product, where: { event: rota_published }, intent: high }
  webinar_attended: { from: webinar, where: { minutes: { at_least: 20 } }, intent: medium }
  mail_clicked: { from: email_clicked, intent: low }
  proposal_sent: { from: proposal_sent, intent: high }
  unsubscribed: { from: email_unsubscribed, intent: negative }

personas:
  decider:
    label: Decider
    description: Owns the company or heads the people who work in shifts.
    when: { attribute: role, in: [owner, head] }
  learner:
    label: Student or job seeker
    description: Reads a lot and buys nothing. Gets our templates, with pleasure, and no call.
    when:
      any:
        - { attribute: role, is: student }
        - { attribute: mailbox, is: university }
        - { activity: careers_viewed, within: 90d, count: { at_least: 2 } }
  rival:
    label: Competitor
    when: { account: { attribute: industry, is: software } }

scores:
  fit:
    label: Fit
    range: [0, 100]
    groups:
      company:
        label: Company
        cap: 65
        criteria:
          - id: size
            table: employees
            bins:
              - { below: 10, points: 0 } # a sheet of paper does it
              - { below: 50, points: 18 }
              - { below: 500, points: 32 } # where most of what we sold in the first half year went
              - { points: 20 }
            unknown: 12
          - id: industry
            table: industry
            values: { care: 20, logistics: 24, manufacturing: 14, retail: 10, hospitality: 3 }
            unknown: 8
          - { id: tool, table: planning_tool, values: { paper: 10, spreadsheet: 15, own_system: 2 }, unknown: 6 }
      person:
        label: Person
        cap: 40
        criteria:
          - { id: role, table: role, values: { owner: 24, head: 24, manager: 14, staff: 8 }, unknown: 10 }
          - { id: department, table: department, values: { operations: 8, hr: 7, finance: 6 }, unknown: 5 }
          - { id: recommended, when: { attribute: source, in: [referral, partners] }, points: 12 }
      against:
        label: Against
        floor: -80
        criteria:
          - { id: learner, when: { persona: learner }, points: -50 }
          - { id: rival, when: { persona: rival }, points: -60 }
          - { id: private, label: Writes from a private address, when: { attribute: mailbox, is: free }, points: -12 }
          - { id: elsewhere, when: { account: { attribute: country, not_in: [DE, AT, CH, NL, BE, DK] } }, points: -20 }
  interest:
    label: Interest
    range: [0, 100]
    decay: { half_life: 14d }
    groups:
      asks:
        label: Asks for something
        cap: 75
        criteria:
          - { id: demo, each: demo_requested, points: 60, count: { at_most: 1, within: 14d } }
          - { id: contact, each: contact_requested, points: 45, count: { at_most: 1, within: 14d } }
          - { id: trial, each: trial_started, points: 40, count: { at_most: 1 } }
          - { id: rota, each: rota_published, points: 15, count: { at_most: 2, within: 7d } }
      reads:
        label: Reads and listens
        cap: 40
        criteria:
          - { id: pricing, each: pricing_viewed, points: 8, count: { at_most: 3, within: 7d } }
          - { id: stories, each: story_read, points: 4, count: { at_most: 2, within: 7d } }
          - { id: features, each: features_viewed, points: 2, count: { at_most: 4, within: 7d } }
          - { id: webinar, each: webinar_attended, points: 15, count: { at_most: 1, within: 7d } }
          - { id: mails, each: mail_clicked, points: 2, count: { at_most: 1, within: 1d } }
      together:
        criteria:
          - id: colleagues
            label: Two people of the company ask or look at prices
            when: { leads: { at_least: 2 }, when: { activity: [demo_requested, trial_started, pricing_viewed], within: 30d } }
            points: 12
      against:
        label: Against
        floor: -40
        criteria:
          - { id: unsubscribe, each: unsubscribed, points: -30, count: { at_most: 1 }, within: 365d, decay: none }
          - { id: careers, each: careers_viewed, points: -5, count: { at_most: 3, within: 7d } }

categories:
  quality:
    label: Fit
    levels:
      - high: { when: { score: fit, at_least: 66 } }
      - medium: { when: { score: fit, at_least: 48 } }
      - low: {}
  temperature:
    label: Interest
    levels:
      - hot: { when: { score: interest, at_least: 50 }, stays_while: { score: interest, at_least: 38 } }
      - warm: { when: { score: interest, at_least: 32 }, stays_while: { score: interest, at_least: 20 } }
      - cold: {}
  origin:
    label: Where they come from
    levels:
      - referral: { when: { attribute: source, in: [referral, partners] } }
      - sales: { label: Met at a fair, when: { attribute: source, is: fairs } }
      - marketing: {}
  grade:
    matrix:
      rows: quality
      columns: temperature
      cells:
        high: { hot: A, warm: B, cold: C }
        medium: { hot: B, warm: C, cold: D }
        low: { hot: D, warm: D, cold: D }

stages:
  - { id: lead, label: Lead, owner: marketing }
  - id: mql
    label: MQL
    owner: marketing
    enter:
      any:
        - { category: grade, in: [A, B] }
        - { all: [{ category: origin, is: referral }, { category: quality, is_not: low }, { category: temperature, is_not: cold }] }
    sla: 1d
  - { id: sal, label: SAL, owner: sales, by: accept, sla: 7d }
  - { id: sql, label: SQL, owner: sales, by: qualify, needs: { answers: [budget, authority, need, timing], at_least: 3 }, sla: 30d }
  - id: opportunity
    label: Opportunity
    owner: sales
    enter: { all: [{ stage: sql }, { activity: proposal_sent, within: 180d }] }
  - { id: customer, label: Customer, by: win }
  - id: recycled
    label: Recycled
    owner: marketing
    by: [reject, recycle]
    cool_down: 30d
    reasons: [Not now, No budget, Could not be reached, Too small, Cannot decide, Only reading]
  - { id: disqualified, label: Disqualified, by: disqualify, reasons: [Student or job seeker, Competitor, Not a person] }
  - { id: lost, label: Lost, by: lose, reasons: [Price, Cheaper rival, Stays with present tool, No decision, Missing feature] }

value:
  currency: EUR
  # First guess of both teams, to be replaced by what is learned.
  win:
    category: grade
    levels: { A: { probability: 0.2 }, B: { probability: 0.12 }, C: { probability: 0.05 }, D: { probability: 0.01 } }
  amount:
    table: industry
    values: { care: 7500, logistics: 10000, retail: 4500, manufacturing: 10000, hospitality: 2500, public: 19000 }
    otherwise: 6000
  repeats: 1.5
  cost: 90

capacity:
  sales: { mql_per_week: 45, sal_per_week: 30 }

playbooks:
  made_up:
    when: { attribute: data_origin, is: synthetic }
    title: Made up for the demonstration
    steps: [This person does not exist. Do not try to reach them.]
  hot:
    when: { category: temperature, is: hot }
    title: Call today
    owner: sales
    steps:
      - Read which pages they looked at last.
      - Ask how next week’s rota is made, before you say anything about us.
  decider:
    when: { all: [{ persona: decider }, { category: temperature, is: warm }] }
    title: A call from somebody like them
    owner: marketing
    steps: [Offer a talk with a customer of the same trade.]
  fair:
    when: { attribute: campaign, starts_with: fair }
    title: Bring up the talk at the stand
    owner: sales
    steps: [Begin with what they showed us at the fair.]

review: { every: 3 months }

examples:
  - name: Somebody of whom we know nothing
    as_of: 2026-11-02T09:00:00Z
    facts: []
    expect:
      scores: { fit: 41, interest: 0 } # 12 + 8 + 6, and 10 + 5
      levels: { quality: low, temperature: cold, origin: marketing, grade: D }
      stage: lead
      personas: []
  - name: A head of operations in care asks for a demo
    as_of: 2026-11-02T09:00:00Z
    facts:
      - { account: brightmill.example, ago: 1d }
      - { attributes: { role: head, department: operations, employees: 240, industry: care, planning_tool: spreadsheet }, ago: 1d }
      - { activity: form_submitted, properties: { form: demo } }
    expect:
      scores: { fit: 97, interest: 60 } # 32 + 20 + 15 = 67, at most 65; 24 + 8
      levels: { quality: high, temperature: hot, grade: A }
      stage: mql
      personas: [decider]
  - name: Two weeks later half of the interest is left, and it stays warm
    as_of: 2026-11-16T09:00:00Z
    facts:
      - { activity: form_submitted, properties: { form: demo }, ago: 14d }
    expect: { scores: { interest: 30 }, levels: { temperature: warm } }
  - name: A student may read as much as she likes
    as_of: 2026-11-02T09:00:00Z
    facts:
      - { attributes: { role: student, mailbox: university } }
      - { activity: page, properties: { path: /templates/rota }, times: 60, ago: 1d }
      - { activity: form_submitted, properties: { form: demo } }
    expect: { scores: { fit: 0, interest: 60 }, levels: { grade: D }, stage: lead, personas: [learner] }
  - name: What the tracker takes for a program does not count
    as_of: 2026-11-02T09:00:00Z
    facts:
      - { activity: page, properties: { path: /pricing, robot: true }, times: 90 }
    expect: { scores: { interest: 0 }, stage: lead }
  - name: Two colleagues look at prices
    as_of: 2026-11-02T09:00:00Z
    facts:
      - { account: brightmill.example, ago: 9d }
      - { lead: colleague, account: brightmill.example, ago: 9d }
      - { lead: colleague, activity: page, properties: { path: /pricing }, ago: 8d }
      - { activity: page, properties: { path: /pricing } }
    expect: { points: { pricing: 8, colleagues: 12 }, scores: { interest: 20 } }
  - name: Who was recommended is called when warm
    as_of: 2026-11-02T09:00:00Z
    facts:
      - { attributes: { role: manager, source: referral }, ago: 1d }
      - { activity: page, properties: { path: /pricing }, times: 3 }
      - { activity: page, properties: { path: /customers/depot }, times: 2 }
    expect: { scores: { fit: 57, interest: 32 }, levels: { quality: medium, temperature: warm, origin: referral }, stage: mql }
  - name: A competitor is known by the company
    as_of: 2026-11-02T09:00:00Z
    facts:
      - { account: rotaking.example, ago: 1d }
      - { attributes: { role: head, employees: 60, industry: software }, ago: 1d }
      - { activity: form_submitted, properties: { form: demo } }
    expect: { scores: { fit: 7 }, levels: { grade: D }, stage: lead, personas: [decider, rival] } # 32 + 6, 24 + 5, −60
  - name: Three answers make an SQL, a proposal an opportunity
    as_of: 2026-11-30T09:00:00Z
    facts:
      - { attributes: { role: owner }, ago: 20d }
      - { activity: form_submitted, properties: { form: contact }, ago: 20d }
      - { decision: accept, ago: 19d }
      - { attributes: { budget: 8000, signs: alone, need: [overtime] }, ago: 12d }
      - { decision: qualify, ago: 12d }
      - { activity: proposal_sent, ago: 3d }
    expect: { stage: opportunity }
`
