import { Avatar } from '@mantine/core'

/** Somebody's initials on a colour of their own; decorative, the name stands beside it. */
export const Person = ({ name, size = 28 }: { readonly name: string; readonly size?: number }) => (
  <Avatar name={name} color="initials" size={size} radius="xl" aria-hidden />
)
