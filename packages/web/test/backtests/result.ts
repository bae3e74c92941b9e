/** A backtest by hand: two versions of a small company, with figures that are easy to follow. */
import type { BacktestResult, Estimate, VersionResult } from '@winnow/engine'

const DAY = 86_400_000
const FROM = Date.UTC(2026, 0, 5)
const WEEKS = 12

export const rate = (value: number, count = 100): Estimate => {
  const half = 1.96 * Math.sqrt((value * (1 - value)) / count)
  return { value, low: Math.max(0, value - half), high: Math.min(1, value + half), count }
}
export const about = (value: number, half: number, count = 100): Estimate => ({
  value,
  low: value - half,
  high: value + half,
  count,
})

const LEVELS = ['A', 'B', 'C', 'D'] as const
const WON = { A: 0.42, B: 0.21, C: 0.06, D: 0.012 } as const
const STEPS = Array.from({ length: 101 }, (_, at) => at)
const fading = (top: number, at: number, speed: number) => Math.round(top * Math.exp(-at / speed))

export function versionOf(name: string, strength: number, weekly: number): VersionResult {
  return {
    name,
    handover: 'mql',
    handedOver: Math.round(weekly * WEEKS),
    followed: Math.round(weekly * WEEKS * 0.8),
    weeks: Array.from({ length: WEEKS }, (_, at) => ({
      handedOver: Math.round(weekly + 9 * Math.sin(at * 1.7)),
      begin: FROM + at * 7 * DAY,
      stages: { lead: 60 + at, mql: Math.round(weekly + 9 * Math.sin(at * 1.7)), sal: 14, customer: 4 },
      levels: { grade: { A: 8, B: 17, C: 20, D: 16 } },
      wins: 3 + (at % 4),
    })),
    funnel: [
      { stage: 'lead', leads: 1240, ofPrevious: { value: null, low: null, high: null, count: 0 } },
      { stage: 'mql', leads: Math.round(weekly * WEEKS), ofPrevious: rate((weekly * WEEKS) / 1240, 1240) },
      { stage: 'sal', leads: 168, ofPrevious: rate(168 / (weekly * WEEKS), Math.round(weekly * WEEKS)) },
      { stage: 'sql', leads: 92, ofPrevious: rate(92 / 168, 168) },
      { stage: 'customer', leads: 49, ofPrevious: rate(49 / 92, 92) },
    ],
    levels: LEVELS.map((level, at) => ({
      category: 'grade',
      level,
      entered: 90 + 60 * at,
      followed: 70 + 50 * at,
      won: rate(WON[level], 70 + 50 * at),
      accepted: rate(0.8 - at * 0.2, 70 + 50 * at),
      revenue: 410_000 - at * 96_000,
    })),
    precision: rate(0.13 + 0.06 * strength, 300),
    acceptance: rate(0.55 + 0.1 * strength, 300),
    recall: rate(0.5 + 0.32 * strength, 49),
    leadTime: {
      median: about(31, 6, 40),
      quartiles: [17, 52],
      days: Array.from({ length: 40 }, (_, at) => 4 + ((at * 37) % 80) * (at % 5 === 0 ? 1.4 : 0.7)),
    },
    bands: ['fit', 'interest'].map((score) => ({
      score,
      bands: Array.from({ length: 10 }, (_, at) => ({
        from: at * 10,
        to: at * 10 + 10,
        leadWeeks: 4000 - at * 380,
        leads: 900 - at * 80,
        won: rate(0.004 + 0.003 * at * at * strength, 900 - at * 80),
      })),
    })),
    calibration: LEVELS.map((level, at) => ({
      category: 'grade',
      level,
      promised: [0.3, 0.2, 0.07, 0.02][at]!,
      won: rate(WON[level], 70 + 50 * at),
    })),
    captured: [5, 10, 15, 20, 25, 30, 40, 50, 60].map((perWeek) => {
      const share = (1 - Math.exp(-perWeek / (26 - 10 * strength))) * (0.5 + 0.35 * strength)
      return {
        perWeek,
        wins: rate(share, 49),
        revenue: rate(Math.min(1, share * 1.06), 49),
        isCapacity: perWeek === 30,
      }
    }),
    lift: Array.from({ length: 20 }, (_, at) => ({
      leads: (at + 1) / 20,
      wins: 1 - (1 - (at + 1) / 20) ** (1.5 + 2 * strength),
    })),
    missed: [],
    falseAlarms: [],
    flapping: { changes: about(0.9 - 0.3 * strength, 0.1), returning: Math.round(40 - 20 * strength) },
    splits: [
      {
        attribute: 'source',
        values: ['organic', 'webinars', 'fairs', null].map((value, at) => ({
          value,
          leads: 300 - at * 60,
          handedOver: 80 - at * 15,
          precision: rate(0.24 - at * 0.05, 80 - at * 15),
          recall: rate(0.8 - at * 0.1, 20),
        })),
      },
    ],
    thresholds: ['fit', 'interest'].map((score) => ({
      score,
      bounds: [
        { category: score === 'fit' ? 'quality' : 'temperature', level: score === 'fit' ? 'high' : 'hot', at: 50 },
        { category: score === 'fit' ? 'quality' : 'temperature', level: score === 'fit' ? 'medium' : 'warm', at: 32 },
      ],
      entered: STEPS.map((at) => fading(1240, at, 40)),
      followed: STEPS.map((at) => fading(1000, at, 40)),
      won: STEPS.map((at) => fading(60, at, 90)),
      revenue: STEPS.map((at) => fading(60, at, 90) * 9000),
      winsBefore: STEPS.map((at) => fading(49, at, 95)),
      perWeek: STEPS.map((at) => fading(96, at, 40)),
      low: 0,
      high: 100,
      perMeanWeek: STEPS.map((at) => fading(98, at, 40)),
      perBusyWeek: STEPS.map((at) => fading(130, at, 42)),
    })),
    bottleneck: weekly > 36 ? { team: 'sales', stage: 'mql' } : null,
    gate: [
      {
        team: 'sales',
        stage: 'mql',
        capacity: 30,
        expected: about(weekly, 4, WEEKS),
        verdict: weekly > 36 ? 'flooded' : 'balanced',
        proposal:
          weekly > 36
            ? { score: 'interest', category: 'temperature', level: 'hot', from: 50, to: 61, expected: 29 }
            : null,
      },
    ],
  }
}

export const result: BacktestResult = {
  options: {
    from: FROM,
    to: FROM + WEEKS * 7 * DAY,
    horizonDays: 90,
    known: 'received',
    watermark: FROM + 20 * 7 * DAY,
    seed: 1,
    replicates: 1000,
  },
  leads: 1240,
  facts: 18_230,
  wins: 49,
  revenue: 1_240_000,
  versions: [versionOf('Version 1', 0.4, 42), versionOf('Version 2', 1, 31)],
  comparisons: [
    {
      version: 'Version 2',
      against: 'Version 1',
      differences: [
        { figure: 'recall', difference: about(0.19, 0.08), verdict: 'better' },
        { figure: 'precision', difference: about(0.04, 0.05), verdict: 'not enough evidence' },
        { figure: 'handedOver', difference: about(-130, 30), verdict: 'fewer' },
        { figure: 'flapping', difference: about(-0.2, 0.09), verdict: 'better' },
      ],
      migration: [
        {
          category: 'grade',
          cells: LEVELS.flatMap((from, a) =>
            LEVELS.map((to, b) => ({
              from,
              to,
              leads: a === b ? 180 + 40 * a : Math.max(0, 60 - 25 * Math.abs(a - b)),
            })),
          ),
        },
      ],
    },
  ],
}
