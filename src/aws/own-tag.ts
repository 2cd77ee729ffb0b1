/** Marks what lambda-slim made in an account, with the name of the function that it was made for. */
export const OWN_TAG = 'lambda-slim:function';
