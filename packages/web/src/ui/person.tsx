import { Avatar } from '@mantine/core'

// Not every colour can be read on its own tint.
const READABLE = { placeholder: { color: 'var(--w-text)' } }

/** Somebody's initials on a colour of their own; decorative, the name stands beside it. */
export const Person = ({ name, size = 28 }: { readonly name: string; readonly size?: number }) => (
  <Avatar name={name} color="initials" size={size} radius="xl" aria-hidden styles={READABLE} />
)
