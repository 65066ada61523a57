/* escapes strings */
int main(void)
{
	return 0;
}
