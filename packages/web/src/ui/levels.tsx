import { Group } from '@mantine/core'
import { useDefinition } from '../app/definition.ts'
import { LevelChip } from './level-chip.tsx'

/** All levels of a lead, in the definition's order. */
export function Levels({ levels }: { readonly levels: Readonly<Record<string, string>> }) {
  const { levels: shown } = useDefinition()
  return (
    <Group gap={6} wrap="wrap" component="span">
      {shown(levels).map((level) => (
        <LevelChip key={level.category} {...level} />
      ))}
    </Group>
  )
}
