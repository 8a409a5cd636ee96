/** The server that the gateway stands in for, as its headers name it. */
export const serverName = 'kong/3.9.3';
