import { QueryClient } from '@tanstack/react-query'
import { ApiError } from './api.ts'

/** Refusals stay what they are; only the lack of an answer is worth another try. */
const isWorthRetrying = (error: unknown) => error instanceof ApiError && (error.status === 0 || error.status >= 500)

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      gcTime: 10 * 60_000,
      retry: (count, error) => count < 3 && isWorthRetrying(error),
      refetchOnWindowFocus: true,
    },
  },
})
