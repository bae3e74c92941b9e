/** The same fifty rules as somebody would write them out by hand for speed: the limit. */
import type { LeadRecord } from './definition.ts'

export function scoreByHand(lead: LeadRecord): number {
  let score = 0
  const level = lead['job_level'] as string
  if (level === 'executive' || level === 'director') score += 7
  if (level === 'manager' || level === 'student') score += 3
  if (level === 'director') score += 2
  const department = lead['department'] as string
  if (department === 'finance' || department === 'operations') score += 7
  if (department === 'it' || department === 'hr') score += 3
  if (department === 'operations') score += 2
  const country = lead['country'] as string
  if (country === 'DE' || country === 'AT') score += 7
  if (country === 'CH' || country === 'PL') score += 3
  if (country === 'AT') score += 2
  const industry = lead['industry'] as string
  if (industry === 'software' || industry === 'manufacturing') score += 7
  if (industry === 'retail' || industry === 'logistics') score += 3
  if (industry === 'manufacturing') score += 2
  const source = lead['source'] as string
  if (source === 'website' || source === 'paid_search') score += 7
  if (source === 'webinar' || source === 'outbound') score += 3
  if (source === 'paid_search') score += 2
  const crm = lead['crm'] as string
  if (crm === 'none' || crm === 'hubspot') score += 7
  if (crm === 'salesforce' || crm === 'odoo') score += 3
  if (crm === 'hubspot') score += 2
  const title = (lead['job_title'] as string).toLowerCase()
  if (title.includes('finance')) score += 4
  if (title.includes('chief')) score += 4
  if (title.includes('head')) score += 4
  if (title.includes('student')) score -= 20
  const employees = lead['employees'] as number
  if (employees >= 400) score += 3
  if (employees >= 1200) score += 4
  if (employees >= 200 && employees <= 800) score += 2
  const revenue = lead['revenue'] as number
  if (revenue >= 100) score += 3
  if (revenue >= 300) score += 4
  if (revenue >= 50 && revenue <= 200) score += 2
  const visits = lead['visits'] as number
  if (visits >= 8) score += 3
  if (visits >= 24) score += 4
  if (visits >= 4 && visits <= 16) score += 2
  const downloads = lead['downloads'] as number
  if (downloads >= 2) score += 3
  if (downloads >= 5) score += 4
  if (downloads >= 1 && downloads <= 3) score += 2
  const clicked = lead['mails_clicked'] as number
  if (clicked >= 2) score += 3
  if (clicked >= 7) score += 4
  if (clicked >= 1 && clicked <= 5) score += 2
  const days = lead['days_since_visit'] as number
  if (days >= 24) score += 3
  if (days >= 72) score += 4
  if (days >= 12 && days <= 48) score += 2
  const seats = lead['seats'] as number
  if (seats >= 60) score += 3
  if (seats >= 180) score += 4
  if (seats >= 30 && seats <= 120) score += 2
  if (lead['free_mail'] === true) score -= 10
  if (lead['newsletter'] === true) score += 5
  if (lead['trial'] === true) score += 5
  if (lead['newsletter'] === false) score -= 1
  if (lead['trial'] === false) score -= 1
  if (employees >= 50 && employees <= 250) score += 6
  if (visits >= 1) score += 1
  return Math.min(1000, Math.max(-100, score))
}
