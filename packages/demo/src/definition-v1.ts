/** The demo company's first definition: points for everything, for ever. */
export const DEFINITION_V1 = `# Tidewater Rota (a synthetic company): the first scoring.
#
# Tidewater Rota does not exist, and neither does anybody in its data. In this story it sells shift planning to companies
# whose people work in shifts. Marketing wrote this version alone, in an afternoon: whoever does something gets points.
winnow: 1
name: Tidewater Rota (synthetic), version 1
description: >-
  Everything that a lead does is a sign of interest and earns points; a hundred points make an MQL.

attributes:
  role: { type: choice, of: [owner, head, manager, staff, student], question: What do you do there? }
  employees: { type: number, about: account, unit: people }
  budget: { type: number, unit: EUR, answers: budget, question: What is set aside for shift planning? }
  signs: { type: choice, of: [alone, with_another, 'no'], answers: authority, question: Who signs? }
  need:
    type: choices
    of: [overtime, sick_leave, law, growth, just_looking]
    answers: need
    question: What made you look for something now?
  start_by: { type: date, answers: timing, question: When should the first rota be in it? }
  data_origin: { type: text, label: Where this record comes from }

activities:
  page_viewed: { from: page, intent: low }
  form_sent: { from: form_submitted, intent: high }
  mail_opened: { from: email_opened, intent: low }
  webinar_joined: { from: webinar, intent: medium }
  trial_started: { from: trial_started, intent: high }

scores:
  points:
    range: [0, 500]
    groups:
      does:
        criteria:
          - { id: pages, each: page_viewed, points: 2 }
          - { id: forms, each: form_sent, points: 10 }
          - { id: mails, each: mail_opened, points: 3 }
          - { id: webinars, each: webinar_joined, points: 10 }
          - { id: trials, each: trial_started, points: 15 }
      is:
        criteria:
          - { id: role, table: role, values: { owner: 5, head: 5, manager: 5 } }
          - { id: size, table: employees, bins: [{ below: 50, points: 0 }, { points: 5 }] }

categories:
  temperature:
    levels:
      - hot: { when: { score: points, at_least: 100 } }
      - cold: {}

stages:
  - { id: lead, label: Lead, owner: marketing }
  - { id: mql, label: MQL, owner: marketing, enter: { category: temperature, is: hot }, sla: 2d }
  - { id: sal, label: SAL, owner: sales, by: accept, sla: 7d }
  - { id: sql, label: SQL, owner: sales, by: qualify, needs: { answers: [budget, authority, need, timing], at_least: 2 } }
  - { id: customer, label: Customer, by: win }
  - id: recycled
    label: Recycled
    owner: marketing
    by: [reject, recycle]
    cool_down: 60d
    reasons: [Not now, No budget, Could not be reached, Too small, Cannot decide, Only reading]
  - { id: disqualified, label: Disqualified, by: disqualify, reasons: [Student or job seeker, Competitor, Not a person] }
  - { id: lost, label: Lost, by: lose, reasons: [Price, Cheaper rival, Stays with present tool, No decision, Missing feature] }

playbooks:
  made_up:
    when: { attribute: data_origin, is: synthetic }
    title: Made up for the demonstration
    steps: [This person does not exist. Do not try to reach them.]

review: { every: 6 months }

examples:
  - name: Forty-five pages and a form are enough, whoever reads them
    as_of: 2026-03-02T09:00:00Z
    facts:
      - { attributes: { role: student }, ago: 40d }
      - { activity: page, properties: { path: /templates/rota }, times: 45, ago: 40d }
      - { activity: form_submitted, properties: { form: guide } }
    expect: { scores: { points: 100 }, levels: { temperature: hot }, stage: mql }
  - name: A head of operations who asks for a demo at once is not there yet
    as_of: 2026-03-02T09:00:00Z
    facts:
      - { account: brightmill.example, ago: 1d }
      - { attributes: { role: head, employees: 240 }, ago: 1d }
      - { activity: page, properties: { path: /pricing }, times: 4 }
      - { activity: form_submitted, properties: { form: demo } }
    expect: { scores: { points: 28 }, levels: { temperature: cold }, stage: lead }
`
