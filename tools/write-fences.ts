import { writeFileSync } from 'node:fs';
import { fencesFile, fencesPath } from './fence-overrides.ts';

writeFileSync(fencesPath, fencesFile());
