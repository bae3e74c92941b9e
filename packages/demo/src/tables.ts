/**
 * How the demo company's world works: the numbers that facts only show through chance. Log-odds are natural logarithms.
 */

export const INDUSTRIES = ['care', 'logistics', 'retail', 'manufacturing', 'hospitality', 'public'] as const
export type Industry = (typeof INDUSTRIES)[number]

export const PERSONAS = ['owner', 'head', 'planner', 'reviewer', 'student', 'job_seeker', 'rival', 'bot'] as const
/** The kind of person that a lead was drawn from. No fact says so. */
export type PersonaName = (typeof PERSONAS)[number]

export const SOURCES = [
  'search_ads',
  'organic',
  'social_ads',
  'webinars',
  'fairs',
  'partners',
  'referral',
  'review_sites',
  'creator_videos',
] as const
export type Source = (typeof SOURCES)[number]

export const TOOLS = ['paper', 'spreadsheet', 'own_system', 'rival_suite'] as const
/** What a company plans its shifts with today. */
export type Tool = (typeof TOOLS)[number]

/** Log-odds of a win, if sales works the lead to the end. They add up with `intercept`. */
export const COEFFICIENTS = {
  intercept: -3.35,
  persona: {
    owner: 0.5,
    head: 0.35,
    planner: -0.35,
    reviewer: -0.7,
    student: -5,
    job_seeker: -5,
    rival: -6,
    bot: -8,
  } satisfies Record<PersonaName, number>,
  /** People employed, rising; the last bin has no end (JSON has no infinity). */
  size: [
    { below: 10, logOdds: -1.1 },
    { below: 50, logOdds: 0 },
    { below: 500, logOdds: 0.6 },
    { below: null, logOdds: 0.1 },
  ],
  industry: {
    care: 0.6,
    logistics: 0.8,
    retail: 0,
    manufacturing: 0.2,
    hospitality: -0.5,
    public: -0.9,
  } satisfies Record<Industry, number>,
  tool: { paper: 0.3, spreadsheet: 0.55, own_system: -0.35, rival_suite: -0.8 } satisfies Record<Tool, number>,
  source: {
    search_ads: 0,
    organic: 0.1,
    social_ads: -0.6,
    webinars: 0.15,
    fairs: 0.3,
    partners: 0.6,
    referral: 0.9,
    review_sites: 0.4,
    creator_videos: -0.4,
  } satisfies Record<Source, number>,
  /** For each standard deviation of what shift planning costs them today. */
  pain: 0.75,
  /** For each standard deviation of how soon they want to begin. */
  urgency: 0.5,
  /** Is there money for it? */
  means: { yes: 0.5, no: -0.9 },
  /** For each colleague who is a lead too, three at most. */
  colleague: 0.3,
  /** For each standard deviation of everything that nobody will ever see. */
  circumstances: 0.6,
  /** From the drift on, for companies of the industry that the new rival sells to. */
  newRival: -1.9,
} as const

export const DRIFT_INDUSTRY: Industry = 'logistics'
export const DRIFT_SOURCE: Source = 'creator_videos'

export interface Segment {
  /** How many of the companies are of it, beside the others. */
  readonly share: number
  /** People employed: median and spread (standard deviation of the logarithm). */
  readonly employees: { readonly median: number; readonly spread: number }
  /** EUR of a first order at 100 people; it grows with the square root of their number. */
  readonly firstOrderAt100: number
  /** Further orders (more sites, more seats) in a year as a customer. */
  readonly repeatOrdersPerYear: number
  /** A repeat order beside the first one. */
  readonly repeatShare: number
}

export const SEGMENTS: Readonly<Record<Industry, Segment>> = {
  care: {
    share: 26,
    employees: { median: 90, spread: 1 },
    firstOrderAt100: 7800,
    repeatOrdersPerYear: 1.1,
    repeatShare: 0.45,
  },
  logistics: {
    share: 22,
    employees: { median: 120, spread: 1.1 },
    firstOrderAt100: 9600,
    repeatOrdersPerYear: 0.9,
    repeatShare: 0.4,
  },
  retail: {
    share: 20,
    employees: { median: 45, spread: 1.2 },
    firstOrderAt100: 6200,
    repeatOrdersPerYear: 0.7,
    repeatShare: 0.35,
  },
  manufacturing: {
    share: 14,
    employees: { median: 140, spread: 1 },
    firstOrderAt100: 8800,
    repeatOrdersPerYear: 0.5,
    repeatShare: 0.35,
  },
  hospitality: {
    share: 12,
    employees: { median: 24, spread: 0.9 },
    firstOrderAt100: 4900,
    repeatOrdersPerYear: 0.3,
    repeatShare: 0.3,
  },
  public: {
    share: 6,
    employees: { median: 300, spread: 1.1 },
    firstOrderAt100: 11000,
    repeatOrdersPerYear: 0.2,
    repeatShare: 0.3,
  },
}
/** Spread of the amount of an order around what its segment and size say. */
export const AMOUNT_SPREAD = 0.35

export interface Habits {
  /** Visits that they make of their own accord: the median, before chance and interest change it. */
  readonly visits: number
  readonly pagesPerVisit: number
  /** Log-odds of asking for a demo within one visit, of somebody of average interest. */
  readonly asksForDemo: number
  readonly startsTrial: number
  /** Chance to attend a webinar, for each month. */
  readonly webinarsPerMonth: number
  /** Chance to open a newsletter, and of an opened one to click. */
  readonly opensMail: number
  readonly clicksMail: number
  /** Which pages they read, by weight. */
  readonly pages: Readonly<Record<string, number>>
}

const COMPANY_PAGES = {
  '/': 10,
  '/features': 12,
  '/pricing': 9,
  '/customers/care-home': 4,
  '/customers/depot': 4,
  '/blog/night-shifts': 5,
  '/docs/import': 3,
}

export const HABITS: Readonly<Record<PersonaName, Habits>> = {
  owner: {
    visits: 2.6,
    pagesPerVisit: 4,
    asksForDemo: -2.9,
    startsTrial: -4,
    webinarsPerMonth: 0.02,
    opensMail: 0.22,
    clicksMail: 0.14,
    pages: { ...COMPANY_PAGES, '/pricing': 16 },
  },
  head: {
    visits: 3.3,
    pagesPerVisit: 5,
    asksForDemo: -3,
    startsTrial: -4.2,
    webinarsPerMonth: 0.06,
    opensMail: 0.3,
    clicksMail: 0.16,
    pages: { ...COMPANY_PAGES, '/pricing': 12 },
  },
  planner: {
    visits: 3.8,
    pagesPerVisit: 5,
    asksForDemo: -3.8,
    startsTrial: -3.5,
    webinarsPerMonth: 0.09,
    opensMail: 0.38,
    clicksMail: 0.2,
    pages: { ...COMPANY_PAGES, '/features': 20, '/templates/rota': 9 },
  },
  reviewer: {
    visits: 2.6,
    pagesPerVisit: 6,
    asksForDemo: -4.6,
    startsTrial: -3.8,
    webinarsPerMonth: 0.03,
    opensMail: 0.15,
    clicksMail: 0.1,
    pages: { '/': 6, '/docs/import': 14, '/docs/security': 14, '/features': 8, '/pricing': 4 },
  },
  student: {
    visits: 6.2,
    pagesPerVisit: 7,
    asksForDemo: -5,
    startsTrial: -4.2,
    webinarsPerMonth: 0.08,
    opensMail: 0.45,
    clicksMail: 0.25,
    pages: {
      '/': 6,
      '/templates/rota': 18,
      '/blog/night-shifts': 16,
      '/blog/what-is-a-rota': 18,
      '/features': 6,
      '/pricing': 2,
    },
  },
  job_seeker: {
    visits: 3,
    pagesPerVisit: 5,
    asksForDemo: -7,
    startsTrial: -7,
    webinarsPerMonth: 0.01,
    opensMail: 0.2,
    clicksMail: 0.1,
    pages: { '/': 8, '/careers': 26, '/about': 12, '/customers/care-home': 3 },
  },
  rival: {
    visits: 5,
    pagesPerVisit: 9,
    asksForDemo: -3.2,
    startsTrial: -2.6,
    webinarsPerMonth: 0.12,
    opensMail: 0.4,
    clicksMail: 0.3,
    pages: { '/pricing': 18, '/features': 20, '/docs/import': 10, '/customers/depot': 8, '/careers': 3 },
  },
  bot: {
    visits: 1.2,
    pagesPerVisit: 70,
    asksForDemo: -4.5,
    startsTrial: -9,
    webinarsPerMonth: 0,
    opensMail: 0.02,
    clicksMail: 0.9,
    pages: {
      '/': 10,
      '/pricing': 10,
      '/features': 10,
      '/blog/night-shifts': 10,
      '/docs/import': 10,
      '/careers': 10,
      '/templates/rota': 10,
    },
  },
}

/** Of whom a source is made: weights of the first person of an account. */
export const CROWDS: Readonly<Record<Source, Readonly<Record<PersonaName, number>>>> = {
  search_ads: { owner: 22, head: 32, planner: 22, reviewer: 5, student: 9, job_seeker: 3, rival: 3, bot: 4 },
  organic: { owner: 14, head: 22, planner: 24, reviewer: 6, student: 20, job_seeker: 7, rival: 3, bot: 4 },
  social_ads: { owner: 16, head: 14, planner: 24, reviewer: 2, student: 27, job_seeker: 9, rival: 1, bot: 7 },
  webinars: { owner: 10, head: 34, planner: 34, reviewer: 6, student: 11, job_seeker: 1, rival: 4, bot: 0 },
  fairs: { owner: 28, head: 38, planner: 20, reviewer: 3, student: 5, job_seeker: 3, rival: 3, bot: 0 },
  partners: { owner: 30, head: 40, planner: 20, reviewer: 8, student: 1, job_seeker: 0, rival: 1, bot: 0 },
  referral: { owner: 36, head: 40, planner: 20, reviewer: 3, student: 1, job_seeker: 0, rival: 0, bot: 0 },
  review_sites: { owner: 22, head: 36, planner: 22, reviewer: 8, student: 4, job_seeker: 1, rival: 6, bot: 1 },
  creator_videos: { owner: 5, head: 4, planner: 14, reviewer: 1, student: 62, job_seeker: 8, rival: 1, bot: 5 },
}

export interface Campaign {
  readonly source: Source
  readonly name: string
  /** Months of the year in which it runs, 1 to 12; all if silent. */
  readonly months?: readonly number[]
  /** It begins with the drift. */
  readonly isNew?: true
  /** How many people it brings, beside the others that run. */
  readonly weight: number
  /** EUR for each lead that it brings on average, and EUR a month whatever it brings (at 6,000 leads in 18 months). */
  readonly costPerLead: number
  readonly costPerMonth: number
}

export const CAMPAIGNS: readonly Campaign[] = [
  { source: 'search_ads', name: 'search-own-name', weight: 4, costPerLead: 32, costPerMonth: 0 },
  { source: 'search_ads', name: 'search-shift-planning', weight: 13, costPerLead: 105, costPerMonth: 0 },
  { source: 'organic', name: 'website', weight: 17, costPerLead: 0, costPerMonth: 2400 },
  { source: 'social_ads', name: 'social-lookalike', weight: 9, costPerLead: 38, costPerMonth: 0 },
  { source: 'social_ads', name: 'social-spring', months: [3, 4, 5], weight: 9, costPerLead: 42, costPerMonth: 0 },
  { source: 'webinars', name: 'webinar-planning-hour', weight: 7, costPerLead: 22, costPerMonth: 700 },
  { source: 'fairs', name: 'fair-care-spring', months: [4], weight: 20, costPerLead: 90, costPerMonth: 11_000 },
  { source: 'fairs', name: 'fair-logistics-autumn', months: [10], weight: 20, costPerLead: 95, costPerMonth: 12_500 },
  { source: 'partners', name: 'partner-payroll', weight: 5, costPerLead: 110, costPerMonth: 400 },
  { source: 'referral', name: 'referral-customers', weight: 5, costPerLead: 45, costPerMonth: 0 },
  { source: 'review_sites', name: 'review-comparison', weight: 7, costPerLead: 120, costPerMonth: 0 },
  {
    source: 'creator_videos',
    name: 'video-study-with-me',
    isNew: true,
    weight: 20,
    costPerLead: 16,
    costPerMonth: 900,
  },
]

export interface Rep {
  readonly id: string
  /** Log-odds of taking a lead beside the average rep. */
  readonly eagerness: number
  /** How long they take beside the average rep. */
  readonly pace: number
}

export const REPS: readonly Rep[] = [
  { id: 'rita.solberg', eagerness: 0.3, pace: 0.7 },
  { id: 'tomas.brandl', eagerness: -0.4, pace: 1.1 },
  { id: 'yusuf.karaca', eagerness: 0.1, pace: 0.9 },
  { id: 'nele.hartog', eagerness: 0, pace: 1 },
  { id: 'piet.vermeer', eagerness: -0.7, pace: 1.6 },
]

/** Of those who would be won if worked, so many order although nobody called: the unworked chance beside the worked one. */
export const UNWORKED_SHARE = 0.12
