/**
 * How many random cases a property test looks at: all in an ordinary run; a share of them where the same tests run
 * thousands of times over, as for mutants.
 */
export const casesOf = (whole: number): number => Math.ceil(whole * Number(process.env['WINNOW_CASES_SHARE'] ?? 1))
