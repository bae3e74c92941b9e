import { Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useDefinition } from '../app/definition.ts'
import { LevelChip } from './level-chip.tsx'
import classes from './people-list.module.css'
import { Person } from './person.tsx'

export interface PersonListed {
  readonly id: string
  readonly name: string | null
  readonly email: string | null
  readonly stage: string | null
  readonly levels: Readonly<Record<string, string>> | null
}

/** Leads in a few words each: who, where they stand, and the level that sums them up. */
export function PeopleList({ people }: { readonly people: readonly PersonListed[] }) {
  const words = useDefinition()
  // Where a category combines two others, it says the most.
  const main = words.outline.categories.find(({ isMatrix }) => isMatrix) ?? words.outline.categories[0]
  return (
    <ul className={classes.people}>
      {people.map(({ id, name, email, stage, levels }) => {
        const level = main === undefined ? undefined : levels?.[main.name]
        return (
          <li key={id}>
            <Link to="/leads/$lead" params={{ lead: id }} className={classes.person}>
              <Person name={name ?? email ?? '?'} size={24} />
              <span className={classes.name}>{name ?? email ?? id.slice(0, 8)}</span>
              {stage !== null && (
                <Text span size="xs" c="dimmed">
                  {words.stageLabel(stage)}
                </Text>
              )}
              {level !== undefined && <LevelChip {...words.level(main!.name, level)} />}
            </Link>
          </li>
        )
      })}
    </ul>
  )
}
