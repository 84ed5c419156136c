/** Every bus message carries it. Neighbouring numbers understand each other; a greater distance is refused. */
export const CONTRACT_VERSION = 1;
