/** What a script adds to pages that are complete without it. Each part finds its own elements, and does nothing without them. */
import { addCopyButtons } from './copy-buttons.ts';
import { followTag } from './follow-tag.ts';
import { addRelativeTimes } from './relative-times.ts';
import { addSearchKeySwitch } from './search-key-switch.ts';
import { addSorting } from './sort-tables.ts';
import { rememberTool } from './tool-choice.ts';

rememberTool();
addRelativeTimes();
addCopyButtons();
addSorting();
followTag();
addSearchKeySwitch();
