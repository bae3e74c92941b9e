import { Tooltip } from '@mantine/core'
import { useNow } from '../app/clock.ts'
import { useFormats } from '../app/format.ts'

/** When something was or will be, counted from now; the exact time on hover and for machines. */
export function Moment({ at }: { readonly at: string }) {
  const formats = useFormats()
  const now = useNow()
  return (
    <Tooltip label={formats.dateTime(at)}>
      <time dateTime={at}>{formats.relative(at, now)}</time>
    </Tooltip>
  )
}
