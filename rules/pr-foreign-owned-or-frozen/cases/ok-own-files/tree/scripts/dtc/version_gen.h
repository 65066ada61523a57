#define DTC_VERSION "1"
