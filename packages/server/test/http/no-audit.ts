import type { AuditLog } from '../../src/http/app.ts'

/** For tests of what no audit log is about. */
export const NO_AUDIT: AuditLog = {
  begin: async () => ({ complete: async () => {}, takeBack: async () => {} }),
}
